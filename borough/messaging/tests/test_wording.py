from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borough.common.errors import Problem
from borough.messaging.wording import (
    _GSM,
    _GSM_ESCAPED,
    LANGUAGE_CODES,
    Wording,
    count_segments,
    fill,
    language_code,
    placeholders,
    plain_sms,
    read_wording,
)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two units each
        ("€" * 81, 2),
        # 153 holds 76 of them and one unit is left over, so the third text begins a character early.
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("ë" * 70, 1),  # not in GSM-7: counts as UCS-2
        ("ë" * 71, 2),
        ("ë" * 134, 2),
        ("ë" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),  # 67 units hold 33
        ("😀" * 67, 3),
    ],
)
def test_segments_as_the_network_bills_them(text: str, segments: int) -> None:
    assert count_segments(text) == segments


def reference_segments(text: str) -> int:
    """The slow way: cut the text into segments as a phone would, and count them."""
    gsm = set(text) <= _GSM | _GSM_ESCAPED
    size = (lambda c: 2 if c in _GSM_ESCAPED else 1) if gsm else (lambda c: len(c.encode("utf-16-le")) // 2)
    if sum(map(size, text)) <= (160 if gsm else 70):
        return 1 if text else 0
    count = 0
    while text:
        taken, room = 0, 153 if gsm else 67
        while taken < len(text) and size(text[taken]) <= room:
            room -= size(text[taken])
            taken += 1
        text = text[taken:]
        count += 1
    return count


@given(st.text(alphabet=st.sampled_from("aé€^~ë😀 1"), max_size=500))
def test_segments_agree_with_cutting_the_text_up(text: str) -> None:
    assert count_segments(text) == reference_segments(text)


@given(st.text(max_size=400), st.text(max_size=40))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert count_segments(text + more) >= count_segments(text)


def test_typographic_characters_do_not_double_the_cost() -> None:
    text = "We’ll help – “really”…\u00a0" + "a" * 100
    assert count_segments(text) == 2
    assert count_segments(plain_sms(text)) == 1


def test_placeholders_are_filled_once() -> None:
    assert (
        fill("Hi ((forename)), (((council)))", {"forename": "((council))", "council": "Here"})
        == "Hi ((council)), (Here)"
    )
    assert placeholders("((a)) (( b c )) ((A))") == ["a", "b_c"]


@given(st.dictionaries(st.sampled_from(["forename", "council", "link"]), st.text(max_size=30), min_size=3))
def test_filling_puts_in_values_and_nothing_else(values: dict[str, str]) -> None:
    assert fill("((forename))|((council))|((link))", values) == "|".join(
        values[name] for name in ("forename", "council", "link")
    )


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(Problem) as problem:
        Wording(sms="Hello ((surname))").check(known=["forename"])
    assert "((surname))" in problem.value.message
    assert "((forename))" in problem.value.remedy


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        (Wording(), "no words"),
        (Wording(email_body="Hello"), "no subject"),
        (Wording(email_subject="a\nBcc: x@example.org", email_body="Hello"), "one line"),
    ],
)
def test_wordings_that_cannot_be_sent(wording: Wording, says: str) -> None:
    with pytest.raises(Problem, match=says):
        wording.check(known=[])


def test_every_email_says_how_to_stop_them() -> None:
    wording = Wording(email_subject="s", email_body="Hello").with_stop_line()
    assert placeholders(wording.email_body) == ["stop_link"]
    assert wording.with_stop_line() == wording


def test_a_reader_gets_the_words_in_their_language_and_english_where_there_are_none(tmp_path: Path) -> None:
    for code, word in (("", "Hello"), (".pl", "Witaj")):
        (tmp_path / f"hello.sms{code}.txt").write_text(f"{word} ((forename))\n")
        (tmp_path / f"hello.email{code}.txt").write_text(f"{word}\n{word} ((forename))\n")
    # A text without its e-mail is no translation.
    (tmp_path / "hello.sms.so.txt").write_text("Haye ((forename))")
    wording = read_wording(tmp_path, "hello")
    assert wording is not None
    for language, word in (
        ("Polish", "Witaj"),
        ("pl", "Witaj"),
        ("pl-PL", "Witaj"),
        ("Somali", "Hello"),
        ("", "Hello"),
    ):
        assert wording.in_language(language).fill("sms", {"forename": "Ada"})[1] == f"{word} Ada", language
    assert read_wording(tmp_path, "goodbye") is None


def test_a_translation_is_checked_as_the_words_are() -> None:
    translated = Wording(sms="Hello", translations={"pl": Wording(sms="Witaj ((nobody))")})
    with pytest.raises(Problem, match="nobody"):
        translated.check(known=["forename"])
    with pytest.raises(Problem, match="channel"):
        Wording(sms="Hello", translations={"pl": Wording(email_subject="A", email_body="B")}).check(known=[])


@pytest.mark.parametrize("language", ["English", "english", "Klingon", "", "en-GB"])
def test_a_language_without_words_has_no_code(language: str) -> None:
    assert language_code(language) == ""
    assert language_code("Bengali") == language_code("BN") == LANGUAGE_CODES["bangla"]
