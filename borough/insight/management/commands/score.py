from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.insight.actions import score_residents


class Command(BaseCommand):
    help = "Compute the indicators of all residents, and the figures of the small areas."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = score_residents(by=system_viewer("borough score"), purpose="find-need")
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{report.residents:,} residents scored, {report.values:,} indicators found")
        if report.skipped:
            self.stdout.write(f"Left out, because no agreement opens their sources: {', '.join(report.skipped)}")
