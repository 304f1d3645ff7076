"""Writes docs/reference from the code: python -m docs.generate. A test fails when a page is not what this writes."""

import os
import pkgutil
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

# What Django gives every command.
BASE_OPTIONS = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
}
REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Made by docs/generate.py: change the code, then run `python -m docs.generate`. -->\n"


def pages() -> dict[str, str]:
    """File name → text of every page of the reference."""
    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "states.md": states_page(),
        "personal-data.md": personal_data_page(),
        "events.md": events_page(),
        "open-referral-uk.md": open_referral_uk_page(),
        "logs.md": logs_page(),
    }


def open_referral_uk_page() -> str:
    from borough.standards.open_referral_uk.api import BASE, api

    described = api.get_openapi_schema(path_prefix="/")
    parts = [
        f"{NOTE}# The directory as an API: Open Referral UK 3.0\n\n{described['info']['description']} "
        f"All operations are GET, under `{BASE}`. That address with `openapi.json` describes them to machines.\n\n"
        "An answer carries an `ETag`: send it back as `If-None-Match`, and what you have already is not sent again. An "
        "id that is not there is answered with 404 and a parameter that cannot be read with 400, each with a `message` "
        "and a `remedy`."
    ]
    for path, item in described["paths"].items():
        told = item["get"]
        rows = "\n".join(
            f"| `{one['name']}` | {one['in']} | {one['schema'].get('description', '')} |"
            for one in told.get("parameters", [])
        )
        table = f"\n\n| parameter | in | meaning |\n|---|---|---|\n{rows}" if rows else ""
        parts.append(f"## `{path.replace('anything:', '')}`\n\n{told['description']}{table}")
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    from borough.web.settings import ENVIRONMENT

    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in ENVIRONMENT.items())
    intro = "All come from the environment; none is needed to try the house."
    return f"{NOTE}# Settings\n\n{intro}\n\n| variable | what it does |\n|---|---|\n{rows}\n"


def commands_page() -> str:
    from django.core.management import get_commands, load_command_class

    parts = [f"{NOTE}# Commands\n\nEach is `borough <name>`; `borough <name> --help` says the same."]
    for name, app in sorted(get_commands().items()):
        if not str(app).startswith("borough."):
            continue
        command = load_command_class(str(app), name)
        parser: ArgumentParser = command.create_parser("borough", name)
        options = [action for action in parser._actions if action.dest not in BASE_OPTIONS]
        rows = "\n".join(
            f"| `{', '.join(action.option_strings) or action.dest}` | {(action.help or '') % vars(action)} |"
            for action in options
        )
        table = f"\n\n| argument | meaning |\n|---|---|\n{rows}" if rows else ""
        parts.append(f"## borough {name.replace('_', '-')}\n\n{command.help}{table}")
    return "\n\n".join(parts) + "\n"


def states_page() -> str:
    from borough.common.states import StateTable

    tables: dict[str, StateTable] = {}
    for module in _modules():
        tables |= {value.name: value for value in vars(module).values() if isinstance(value, StateTable)}
    parts = [f"{NOTE}# States\n\nEvery thing that changes state has a table of the changes that are allowed."]
    parts += [f"## {name}\n\n```mermaid\n{table.diagram()}\n```" for name, table in sorted(tables.items())]
    return "\n\n".join(parts) + "\n"


def personal_data_page() -> str:
    from django.apps import apps

    parts = [f"{NOTE}# Personal data\n\nWhat each table holds of people, and how long a row is kept."]
    models = [model for model in apps.get_models() if model.__module__.startswith("borough.")]
    rows = []
    for model in sorted(models, key=lambda model: model._meta.label):
        declared = model.personal_data
        fields = ", ".join(f"{name} ({category})" for name, category in declared.fields.items()) or "none"
        rows.append(f"| {model._meta.label} | {fields} | {declared.keep} |")
    parts.append("| table | personal fields | kept |\n|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def events_page() -> str:
    from borough.common.events import wired

    rows = "\n".join(f"| `{event}` | `{handler}` |" for event, handler in wired())
    intro = "Who acts on what happened in another room (`borough/web/wiring.py`)."
    return f"{NOTE}# Events\n\n{intro}\n\n| event | action |\n|---|---|\n{rows}\n"


def logs_page() -> str:
    from borough.accounts.log import STRANGERS
    from borough.accounts.models import AccountEvent
    from borough.governance.models import LedgerEntry

    ledger = ", ".join(str(words).lower() for _, words in LedgerEntry.KINDS)
    events = "\n".join(f"| `{kind}` | {words} |" for kind, words in AccountEvent.KINDS.items())
    strangers = "\n".join(f"| `{kind}` | {words} |" for kind, words in STRANGERS.items())
    return f"""{NOTE}# Logs

There are three, and nothing is logged anywhere else. Times are in UTC.

| log | what is in it | where | how long | who reads it |
|---|---|---|---|---|
| the ledger | every look at a resident, every write, every refusal ({ledger}): when, who, what, for which purpose, \
about whom by id | the database, which refuses to change it, sealed every few seconds | \
{LedgerEntry.personal_data.keep} | residents (their own), information governance officers |
| what happened with accounts | sign-ins and changes of how one signs in: when, whose, what, by whom | the database | \
{AccountEvent.personal_data.keep} | its owner (Your account), whoever runs the machine (`borough staff --events`) |
| the machine's log | refused pages, what is in the tables below, jobs that failed, errors by kind and place: no name, \
address, password, key or link | standard error of `borough serve` and of commands | as long as the machine keeps it: \
keep it for a year, on another machine ([go live](../how-to/go-live.md)) | whoever runs the machine |

A line of the machine's log is one object of JSON: `at`, `level`, `from` (which part of the house) and `says`; for an
error also `error` (its kind) and `where` (the places it came through). It is in ASCII, so that nothing that came in can
make a line of its own. A rehearsal writes the words of errors too.

## What happens with an account

Kept with the account, and told to the machine's log by the account's id (from `borough.security`).

| kind | what |
|---|---|
{events}

## What strangers try

Told to the machine's log alone, by the name of the page or the kind of the link (from `borough.security`).

| kind | what |
|---|---|
{strangers}
"""


def _modules() -> Iterator[object]:
    import borough

    for info in pkgutil.walk_packages(borough.__path__, "borough."):
        if info.name.endswith((".models", ".policies")):
            yield import_module(info.name)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "borough.web.settings")
    django.setup()
    for name, text in pages().items():
        (REFERENCE / name).write_text(text)


if __name__ == "__main__":
    main()
