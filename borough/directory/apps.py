from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "borough.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.common.jobs import do_regularly
        from borough.directory import holdings
        from borough.directory.confirming import ask_owners_daily

        do_regularly(ask_owners_daily, every_s=3600)
        holdings.register()
