from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "dutybound_server.items"
    label = "items"
    default_auto_field = "django.db.models.BigAutoField"
