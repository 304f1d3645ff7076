from typing import Any

from django.core.management.base import BaseCommand

from borough.accounts.policies import system_viewer
from borough.governance.actions import watch_looks


class Command(BaseCommand):
    help = "Flag odd looks at residents for the information governance team to judge. Run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        new = watch_looks(by=system_viewer("watch"))
        self.stdout.write(f"{new:,} new to judge.")
