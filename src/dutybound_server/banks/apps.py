from django.apps import AppConfig


class BanksConfig(AppConfig):
    name = "dutybound_server.banks"
    label = "banks"
    default_auto_field = "django.db.models.BigAutoField"
