from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "dutybound_server.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
