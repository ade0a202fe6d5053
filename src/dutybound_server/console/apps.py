from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "dutybound_server.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
