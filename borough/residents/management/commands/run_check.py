import argparse
import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borough.accounts.policies import system_viewer
from borough.common.errors import Problem
from borough.common.tables import safe_cell
from borough.residents.checks.kind import CAUTION, CheckPage
from borough.residents.queries import list_checks, read_check, run_check


class Command(BaseCommand):
    help = "Make a list for review, such as suspected sublets or electors to write to; without a name, list the checks."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("check", nargs="?", help="code of the check, such as sublets")
        parser.add_argument("answers", nargs="*", metavar="name=answer", help="what the check asks, such as metres=250")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write the rows to this new file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._run(options["check"], options["answers"], options["csv"])
            else:
                self._list()
        except Problem as problem:
            raise CommandError(str(problem)) from problem

    def _list(self) -> None:
        for check in list_checks():
            asks = " ".join(f"{ask.name}=…" for ask in check.asks)
            self.stdout.write(f"{check.code:12} {check.question}" + (f" Asks: {asks}" if asks else ""))

    def _run(self, code: str, given: list[str], path: Path | None) -> None:
        check = read_check(code)
        answers = dict(_answer(word) for word in given)
        if unknown := set(answers) - {ask.name for ask in check.asks}:
            raise Problem(
                f"This check does not ask for {', '.join(sorted(unknown))}.",
                f"It asks for: {', '.join(ask.name for ask in check.asks) or 'nothing'}.",
            )
        if missing := [ask.name for ask in check.asks if ask.required and ask.name not in answers]:
            raise Problem(f"This check needs to know {missing[0]}.", f"Add {missing[0]}=… to the command.")
        for ask in check.asks:
            if ask.kind == "area" and ask.name in answers:
                answers[ask.name] = _text_of(Path(answers[ask.name]))
        if path:
            _reserve(path)
        found = run_check(
            code,
            viewer=system_viewer("borough run-check"),
            purpose=check.purpose,
            answers=answers,
            # Without a file only the count is told, and no more rows are read than a page has.
            page=None if path else 1,
        )
        for number, words in found.summary.figures:
            self.stdout.write(f"{number:,} {words}" if isinstance(number, int) else f"{number} {words}")
        self.stdout.write(f"{found.total:,} {'row' if found.total == 1 else 'rows'} to review.")
        if path:
            try:
                _write(path, found)
            except Problem:
                # Half a list looks like a whole one.
                path.unlink()
                raise
            self.stdout.write(f"Written to {path}.")
        self.stdout.write(f"{CAUTION} {check.act}")


def _answer(word: str) -> tuple[str, str]:
    name, equals, answer = word.partition("=")
    if not equals or not answer:
        raise Problem(f"{name} has no answer.", f"Write {name}=… with the answer after the sign.")
    return name, answer


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error


def _reserve(path: Path) -> None:
    """Make the file before anybody is looked at."""
    try:
        # For its owner alone, and never over a list that somebody has marked.
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise Problem(f"{path} is there already.", "Choose another name, or delete it.") from error
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}.", "Choose another folder.") from error


def _write(path: Path, found: CheckPage) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(safe_cell(str(column.title)) for column in found.columns), "Note"])
        for row in found.rows_while_open():
            writer.writerow([*(safe_cell(row[column.name]) for column in found.columns), str(CAUTION)])
