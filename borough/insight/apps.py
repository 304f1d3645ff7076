from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "borough.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.governance.decisions.rule import declare_rule
        from borough.governance.rights.ports import register_inferences
        from borough.insight import holdings
        from borough.insight.need_rule import RULE
        from borough.insight.own import inferences_of

        register_inferences("insight", inferences_of)
        declare_rule(RULE)
        holdings.register()
