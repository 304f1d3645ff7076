from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "borough.residents"
    label = "residents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.governance.decisions.rule import declare_rule
        from borough.governance.declared import declare_sources
        from borough.governance.rights.ports import plug_people
        from borough.residents import holdings
        from borough.residents.checks import all_checks
        from borough.residents.declaring import source_facts
        from borough.residents.linking_rule import RULE
        from borough.residents.own import ResidentsIndex

        plug_people(ResidentsIndex())
        declare_sources(source_facts)
        declare_rule(RULE)
        for check in all_checks():
            if check.rule:
                declare_rule(check.rule)
        holdings.register()
