from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class GovernanceConfig(AppConfig):
    name = "borough.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from borough.common.jobs import do_regularly
        from borough.governance.changing.erasing import keep_tombstones
        from borough.governance.decisions.own import decided_about
        from borough.governance.keeping.nightly import delete_nightly
        from borough.governance.ledger.append_only import keep_append_only, let_tables_be_made_anew
        from borough.governance.ledger.sealing import EVERY_S, seal_ledger
        from borough.governance.ledger.witnessing import ask_witnesses
        from borough.governance.rights import own_holdings
        from borough.governance.rights.copying import forget_copies
        from borough.governance.rights.ports import register_inferences

        do_regularly(seal_ledger, every_s=EVERY_S)
        do_regularly(ask_witnesses, every_s=600)
        do_regularly(forget_copies, every_s=3600)
        do_regularly(delete_nightly, every_s=3600)
        do_regularly(keep_tombstones, every_s=60)
        own_holdings.register()
        register_inferences("governance", decided_about)
        pre_migrate.connect(let_tables_be_made_anew, sender=self)
        post_migrate.connect(keep_append_only, sender=self)
