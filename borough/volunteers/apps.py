from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "borough.volunteers"
    label = "volunteers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.common.jobs import do_regularly
        from borough.governance.decisions.rule import declare_rule
        from borough.volunteers import holdings
        from borough.volunteers.matching_rule import RULE
        from borough.volunteers.tasks import pass_on, remind

        declare_rule(RULE)
        holdings.register()
        do_regularly(pass_on, every_s=30)
        do_regularly(remind, every_s=3600)
