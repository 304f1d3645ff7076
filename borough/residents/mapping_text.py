"""Writes a mapping as the TOML file that a person reads, corrects and confirms."""

import json

from borough.residents.guessing import Guess


def mapping_text(guess: Guess) -> str:
    """The mapping file, with a comment on each line that says why it was guessed."""
    declared = guess.mapping.as_dict()
    lines = [
        "# Guessed from the file. Check every line, then confirm it in your name:",
        '#   borough source add THIS_FILE --confirm "Your name"',
    ]
    lines += [f"{name} = {_toml(declared[name])}" for name in ("source", "title", "owner", "refresh", "extract")]
    lines += [f"{name} = {_toml(declared[name])}" for name in ("encoding", "delimiter")]
    lines += [_with_reason(f"key = {_toml(declared['key'])}", declared["key"], guess.because)]
    for part in ("fields", "facts"):
        lines += ["", f"[{part}]"]
        for name, rule in declared[part].items():
            columns = rule.get("columns") or [rule["column"]]
            lines.append(_with_reason(f"{name} = {_toml(rule)}", columns, guess.because))
    return "\n".join(lines) + "\n"


def _with_reason(line: str, columns: list[str], because: dict[str, str]) -> str:
    reasons = dict.fromkeys(because[column] for column in columns if column in because)
    return f"{line}  # {'; '.join(reasons)}" if reasons else line


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    # A JSON string is a TOML basic string, but for DEL, which no header holds.
    return json.dumps(value, ensure_ascii=False)
