from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "borough.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from borough.accounts.sessions import forget_sessions, note_beginning
        from borough.common.jobs import do_regularly

        do_regularly(forget_sessions, every_s=3600)
        user_logged_in.connect(note_beginning, dispatch_uid="borough.accounts.sessions")
