from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.governance.actions import add_witness
from borough.governance.ledger.exporting import export_ledger, verify_export
from borough.governance.ledger.sealing import seal_ledger
from borough.governance.ledger.signing import own_public_key
from borough.governance.ledger.verifying import verify_ledger
from borough.governance.models import LEDGER_KEPT


class Command(BaseCommand):
    help = "The ledger of who looked at whom: verify that nobody changed it, seal what is new, or export it."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        verify = what.add_parser("verify", help="name the batch of every entry changed since it was sealed")
        verify.add_argument("file", type=Path, nargs="?", help="an export, instead of the database")
        what.add_parser("seal", help="seal what is new now, as the worker does every few seconds")
        export = what.add_parser("export", help="write the sealed ledger to a file that anybody can verify")
        export.add_argument("file", type=Path)
        what.add_parser("key", help="print the key by which other boroughs know our signatures")
        witness = what.add_parser("witness", help="exchange signatures on seals with another borough")
        witness.add_argument("name")
        witness.add_argument("--key", required=True, help="what borough ledger key prints there")
        witness.add_argument("--address", default="", help="of its site; without it, it asks us and we do not ask it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "seal":
            self.stdout.write(f"{seal_ledger():,} entries sealed.")
            return
        if options["what"] == "key":
            self.stdout.write(own_public_key())
            return
        if options["what"] == "witness":
            by = system_viewer("borough ledger")
            add_witness(by=by, name=options["name"], public_key=options["key"], address=options["address"])
            self.stdout.write(f"Signatures are exchanged with {options['name']}.")
            return
        with tqdm(desc="Ledger", unit=" entries", disable=None) as bar:

            def show(done: int) -> None:
                bar.update(done - bar.n)

            try:
                if options["what"] == "export":
                    entries = export_ledger(options["file"], show)
                    self.stdout.write(f"{entries:,} entries written to {options['file']}.")
                    return
                verdict = verify_export(options["file"], show) if options["file"] else verify_ledger(show)
            except (Problem, OSError) as problem:
                raise CommandError(str(problem)) from problem
        if verdict.faults:
            raise CommandError("The ledger was changed.\n" + "\n".join(verdict.faults))
        self.stdout.write(
            f"{verdict.entries:,} entries in {verdict.seals - verdict.let_go:,} batches are as they were sealed; "
            f"{verdict.unsealed:,} wait for their seal."
        )
        if verdict.let_go:
            self.stdout.write(
                f"{verdict.let_go:,} batches were let go when they had been kept for {LEDGER_KEPT}; their seals stand."
            )
        self.stdout.write(f"Head of the chain: {verdict.head}")
        for (name, key), number in verdict.co_signed.items():
            self.stdout.write(f"Co-signed up to batch {number:,} by {name}, whose key must be {key}")
