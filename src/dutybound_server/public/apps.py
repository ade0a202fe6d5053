from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "dutybound_server.public"
    label = "public"
    default_auto_field = "django.db.models.BigAutoField"
