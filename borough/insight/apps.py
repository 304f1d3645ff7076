from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "borough.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
