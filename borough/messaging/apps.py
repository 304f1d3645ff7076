from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "borough.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.messaging import holdings

        holdings.register()
