from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.cases.kinds import all_kinds
from borough.common.errors import Problem
from borough.insight.actions import count_help, count_services, score_residents


class Command(BaseCommand):
    help = "Compute the indicators of all residents, the figures of small areas, and those of help asked for and given."

    def handle(self, *args: Any, **options: Any) -> None:
        by = system_viewer("borough score")
        try:
            report = score_residents(by=by, purpose="find-need")
            cases = sum(count_help(by=by, purpose=purpose) for purpose in {one.purpose for one in all_kinds()})
            services = count_services(by=by)
        except Problem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{report.residents:,} residents scored, {report.values:,} indicators found")
        self.stdout.write(f"{cases:,} cases counted for the maps and figures of help")
        self.stdout.write(f"{services:,} services have figures from referrals")
        if report.skipped:
            self.stdout.write(f"Left out, because no agreement opens their sources: {', '.join(report.skipped)}")
