"""Writes docs/reference from the code: python -m docs.generate. A test fails when a page is not what this writes."""

import os
import pkgutil
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

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
        "limits.md": limits_page(),
        "input.md": input_page(),
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


# What a category of personal data is worth, the highest first, and how each grade is protected.
GRADES = {
    "strict": (("special", "criminal"), "as guarded; the agreement also names the condition of Article 9 or 10"),
    "guarded": (
        ("identity", "contact", "address", "circumstances"),
        "read for a purpose, by a role, under a live agreement, with an entry in the ledger; in no log of the machine "
        "and no cache; deleted when its time is over",
    ),
    "staff": (("staff",), "read by staff, and by the person; in no log of the machine; deleted when its time is over"),
    "open": ((), "tells of nobody"),
}


def personal_data_page() -> str:
    from django.apps import apps

    from borough.governance.enforcing.tables import guarded_tables

    parts = [f"{NOTE}# Personal data\n\nWhat each table holds of people, and how long a row is kept."]
    grades = "\n".join(f"| {name} | {', '.join(of) or 'none'} | {how} |" for name, (of, how) in GRADES.items())
    parts.append(
        "## Grades\n\nA table has the grade of the most sensitive of its fields. Disks, backups and connections to the "
        "database are encrypted by the machine ([go live](../how-to/go-live.md)).\n\n"
        f"| grade | categories | how it is protected |\n|---|---|---|\n{grades}\n\n"
        "Where the door is **database**, PostgreSQL itself gives no row without an entry in the ledger "
        "([decision 11](../decisions/0011-the-database-holds-the-door.md)); where it is **verbs**, the house's own "
        "code alone sees to it."
    )
    models = [model for model in apps.get_models() if model.__module__.startswith("borough.")]
    guarded, rows = set(guarded_tables()), []
    for model in sorted(models, key=lambda model: model._meta.label):
        declared = model.personal_data
        held = set(declared.fields.values())
        fields = ", ".join(f"{name} ({category})" for name, category in declared.fields.items()) or "none"
        grade = next(name for name, (of, _how) in GRADES.items() if held & set(of) or not of)
        door = "" if grade in ("staff", "open") else "database" if model._meta.db_table in guarded else "verbs"
        rows.append(f"| {model._meta.label} | {grade} | {door} | {fields} | {declared.keep} |")
    parts.append(
        "## Tables\n\n| table | grade | door | personal fields | kept |\n|---|---|---|---|---|\n" + "\n".join(rows)
    )
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


def limits_page() -> str:
    from docs.limits import FILES, LIMITS, words_of

    parts = [
        f"{NOTE}# Limits\n\nWhat the house refuses to do more often, for longer or with more than so much. Each figure "
        "is read from the code, at the place that stands beside it; what is over a limit is refused with a sentence "
        "that says so."
    ]
    for title, limits in LIMITS.items():
        rows = "\n".join(f"| {one[0]} | {words_of(one)} | `{one[1].partition(':')[2]}` |" for one in limits)
        parts.append(f"## {title}\n\n| what | limit | in the code |\n|---|---|---|\n{rows}")
    rows = "\n".join(f"| {who} | {kinds} | {'; '.join(map(words_of, limits))} |" for who, kinds, limits in FILES)
    parts.append(
        "## Files that are taken in\n\nNone is run, and none is kept as a file that a server could hand out. A page "
        "refuses what is too large before it is read.\n\n"
        f"| what, and from whom | kinds | at most |\n|---|---|---|\n{rows}"
    )
    parts.append(LONG_WORK)
    return "\n\n".join(parts) + "\n"


LONG_WORK = """## What takes long

Most of it is no page: it is a command, or a job of the worker beside the site (`borough work`), and one that fails or
is killed is tried again. A page that does not answer within 30 seconds is ended by the server.

| what | who starts it | so that it cannot stop the house |
|---|---|---|
| taking in an extract, linking | whoever runs the machine, or the night | a process of its own; memory is bounded |
| signs of need, figures, checks of looks, deletion | the night | a process or job of its own |
| sending a campaign | analysts, contact workers | jobs, a batch of messages each |
| the copy of somebody's data | an officer, for one person | a job |
| taking in listings, matching volunteers, freezing a cohort | staff whose work it is | a page, so 30 seconds; a \
list of services that takes longer goes by `borough import-services` |
| lists, downloads, searches | staff, systems | pages, and a most for each, above |

Nothing limits how many pages one person asks for in a minute: the server in front can."""


def input_page() -> str:
    """Every form of every page, by room; what each field must look like."""
    from django.forms.forms import BaseForm
    from django.urls import get_resolver

    # Whatever a page uses is imported by its address.
    get_resolver().url_patterns  # noqa: B018
    rooms: dict[str, list[str]] = {}
    for form in sorted(_subclasses(BaseForm), key=lambda one: (one.__module__, one.__qualname__)):
        if not form.__module__.startswith("borough.") or ".tests" in form.__module__:
            continue
        for name, field in form.base_fields.items():
            row = f"| {form.__name__} | {name} | {_looks_like(field)} | {'yes' if field.required else 'no'} |"
            rooms.setdefault(form.__module__.split(".")[1], []).append(row)
    head = "| form | field | must be | needed |\n|---|---|---|---|"
    parts = [
        f"{NOTE}# Input\n\nWhat each field of each form must look like. The server checks it, whatever the browser "
        "did; fields that a form gets only when it is drawn (a question for each sign of need, say) are checked alike, "
        "and are not here. Extracts are described in [mapping](mapping.md), and what other systems send at "
        "`/api/openapi.json`. "
        "Names, dates, phone numbers, postcodes and NHS numbers are brought to one form before they are kept "
        "(`borough/common/identifiers.py`)."
    ]
    parts += [f"## {room}\n\n{head}\n" + "\n".join(rows) for room, rows in sorted(rooms.items())]
    parts.append(_fitting_together())
    return "\n\n".join(parts) + "\n"


def _fitting_together() -> str:
    """What the database refuses of values that do not belong together, whoever writes them."""
    from django.apps import apps
    from django.db.models import CheckConstraint, UniqueConstraint

    rows = []
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if not model.__module__.startswith("borough."):
            continue
        for one in model._meta.constraints:
            words = one.name.replace("_", " ")
            if isinstance(one, CheckConstraint):
                rows.append(f"| {model._meta.label} | {words} |")
            elif isinstance(one, UniqueConstraint) and one.fields:
                when = ", under a condition" if one.condition else ""
                rows.append(f"| {model._meta.label} | {words}: only one with the same {', '.join(one.fields)}{when} |")
    return (
        "## Which values must fit together\n\nThe database refuses what breaks one of these, whoever writes it; where "
        "people fill in a form, it says so first. What may follow which state is in [states](states.md), and what an "
        "agreement must say before it is approved in [decision 15](../decisions/0015-terms-before-approval.md).\n\n"
        "| table | rule |\n|---|---|\n" + "\n".join(rows)
    )


def _subclasses(of: type[Any]) -> set[type[Any]]:
    return {deeper for one in of.__subclasses__() for deeper in (one, *_subclasses(one))}


def _looks_like(field: Any) -> str:
    from django import forms

    from borough.common.fields import DatePartsField

    kinds: tuple[tuple[type[Any] | tuple[type[Any], ...], str], ...] = (
        (forms.EmailField, "an email address"),
        (forms.IntegerField, "a whole number"),
        (forms.DecimalField, "a number"),
        (forms.DateField, "a day"),
        (forms.DateTimeField, "a day and a time"),
        (forms.TimeField, "a time"),
        (forms.FileField, "a file ([limits](limits.md))"),
        (forms.BooleanField, "ticked or not"),
        ((forms.MultipleChoiceField, forms.TypedMultipleChoiceField), "some of those offered"),
        (forms.ChoiceField, "one of those offered"),
        (forms.SlugField, "letters, digits and hyphens"),
        (forms.URLField, "an address of http or https"),
        (DatePartsField, "a day, as day, month and year"),
        (forms.CharField, "text"),
    )
    words = next((words for kind, words in kinds if isinstance(field, kind)), type(field).__name__)
    if (longest := getattr(field, "max_length", None)) is not None:
        words += f", {longest:,} characters at most"
    low, high = getattr(field, "min_value", None), getattr(field, "max_value", None)
    words += "".join(f", {word} {value}" for word, value in (("from", low), ("to", high)) if value is not None)
    if type(field).__module__.startswith("borough."):
        words += f" ({type(field).__name__})"
    return words


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
