"""Every word of every template goes through gettext: read from the templates' sources, so that no branch is missed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import Environment, nodes
from jinja2.lexer import TOKEN_DATA

PACKAGE: Path = settings.PACKAGE
TEMPLATES = sorted(path for path in PACKAGE.glob("*/templates/**/*.html"))
# Keys of macros' parameters that a reader sees or hears.
SEEN = {"text", "titleText", "label", "hint", "title", "caption", "legend", "alt", "menuButtonText", "landmarkLabel"}
DRAWN = {"submit_button", "empty", "figure", "tag"}
READ_ALOUD = {"alt", "title", "placeholder", "aria-label"}


class Words(HTMLParser):
    """Collects text between tags, and attributes that are read aloud, unless they are all placeholders."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            return
        if re.search(r"[^\W\d_]", data.replace("\0", "")):
            self.found.append(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in READ_ALOUD:
                self.handle_data(value or "")


def bare_words(source: str) -> list[str]:
    """Words of a template that no gettext sees: in its HTML, and in strings given to macros as text."""
    env = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)  # the loader is not needed to read it
    html, inside_trans = "", False
    for _, kind, value in env.lex(source):
        if kind == "name" and value in ("trans", "endtrans"):
            inside_trans = value == "trans"
        elif kind == TOKEN_DATA:
            html += "\0" if inside_trans else value
        elif kind == "variable_begin":
            html += "\0"
    parser = Words()
    parser.feed(html)
    for pair in env.parse(source).find_all(nodes.Pair):
        key, value = pair.key, pair.value
        if isinstance(key, nodes.Const) and key.value in SEEN and isinstance(value, nodes.Const):
            parser.handle_data(str(value.value))
    for call in env.parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in DRAWN:
            # A tag's second word is its colour.
            for given in call.args[:1] if call.node.name == "tag" else call.args:
                # What begins so is an address.
                if isinstance(given, nodes.Const) and not str(given.value).startswith(("?", "/")):
                    parser.handle_data(str(given.value))
    return parser.found


def test_the_check_finds_bare_words() -> None:
    assert bare_words("<p>Hello</p>") == ["Hello"]
    assert bare_words('<p>{{ _("Hello") }} – {{ name }}</p>') == []
    assert bare_words("<p>{% trans %}Hello <b>you</b>{% endtrans %}</p>") == []
    assert bare_words('<img alt="Map">') == ["Map"]
    assert bare_words('{{ govukButton({"text": "Save"}) }}') == ["Save"]
    assert bare_words('{{ govukButton({"text": _("Save")}) }}') == []
    assert bare_words('{{ submit_button("Save") }}') == ["Save"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_word_of_a_template_goes_through_gettext(path: Path) -> None:
    assert bare_words(path.read_text()) == []
