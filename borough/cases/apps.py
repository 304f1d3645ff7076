from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "borough.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.cases import holdings
        from borough.cases.referrals import forgetting
        from borough.cases.referrals.jobs import chase
        from borough.cases.tasks import follow_up_feedback, open_standing_cases
        from borough.common.jobs import do_regularly

        holdings.register()
        forgetting.register()
        do_regularly(follow_up_feedback, every_s=900)
        do_regularly(open_standing_cases, every_s=900)
        do_regularly(chase, every_s=3600)
