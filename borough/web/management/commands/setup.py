from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from borough.web.rehearsal import add_staff, open_agreements, register_purposes


class Command(BaseCommand):
    help = "Make the tables and purposes; in a rehearsal also agreements and one member of staff for each role."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if settings.REHEARSAL:
            open_agreements()
            add_staff()
            self.stdout.write("Ready for a rehearsal. Next: borough rehearse, or borough demo for all of it.")
        else:
            register_purposes()
            self.stdout.write(
                "Ready. Next: borough add-staff --role ig_officer …; that officer then signs in and decides on the "
                "agreements. Until one is live, nobody can see anybody."
            )
