"""What a council service's `conversation.toml` declares: topics, the questions to ask, the signs to tick. Pure."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Topic:
    """A topic leads to one need. `before` is what to mind before asking, `ask` are open questions, `signs` map a code
    to what may apply, `first` is what to do at once where any of them does."""

    need: str
    title: str
    before: str
    ask: tuple[str, ...]
    signs: dict[str, str]
    first: str


def read_conversation(path: Path) -> tuple[Topic, ...]:
    """The topics of a file, in its order. Raises ValueError that names the file and the topic that lacks something."""
    topics = []
    for number, raw in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["topics"], start=1):
        given = {"before": "", "first": "", **raw}
        if unknown := set(given) ^ {"need", "title", "before", "ask", "signs", "first"}:
            raise ValueError(f"{path}: topic {number} lacks or misspells {', '.join(sorted(unknown))}")
        if not given["ask"] or not given["signs"]:
            raise ValueError(f"{path}: topic {number} needs a question to ask and a sign to tick")
        topics.append(Topic(**{**given, "ask": tuple(given["ask"])}))
    return tuple(topics)


def needs_found(topics: tuple[Topic, ...], ticked: dict[str, list[str]]) -> list[str]:
    """The needs of the topics of which something was ticked, in the conversation's order, each once."""
    return list(dict.fromkeys(topic.need for topic in topics if ticked.get(topic.need)))


def in_words(topics: tuple[Topic, ...], ticked: dict[str, list[str]], text: str) -> str:
    """What was found as a note on the case: a line for each topic, then what the person said."""
    lines = [
        f"{topic.title}: {'; '.join(topic.signs[code] for code in ticked[topic.need])}"
        for topic in topics
        if ticked.get(topic.need)
    ]
    return "\n".join([*lines, text.strip()]).strip()
