from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "borough.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from borough.accounts.sessions import note_beginning

        user_logged_in.connect(note_beginning, dispatch_uid="borough.accounts.sessions")
