import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from borough.governance.transparency.vocabulary import as_json_ld


class Command(BaseCommand):
    help = "Write purposes, organisations and agreements in force as JSON-LD (Data Privacy Vocabulary and ODRL)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="file to write; the screen if left out")

    def handle(self, *args: Any, out: Path | None, **options: Any) -> None:
        base = settings.BASE_URL.rstrip("/") + reverse("transparency:index")
        text = json.dumps(as_json_ld(base), indent=2, ensure_ascii=False) + "\n"
        if out is None:
            sys.stdout.write(text)
        else:
            out.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written to {out}.")
