"""The pages of review: asked for their purpose, decided by buttons alone, taken back on the next page."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from borough.accounts.actions import add_user, make_rehearsal_link
from borough.accounts.policies import ANALYST
from borough.governance.door import Opening
from borough.residents.comparing import differences
from borough.residents.explaining import only_opened
from borough.residents.histories import agreement_of
from borough.residents.linkage.scorer import Reason
from borough.residents.models import Decision, Membership, Pair, Record, Resident
from borough.residents.waterfall import Bar, chance_words, draw_waterfall


@pytest.fixture
def browser(open_agreements: None) -> Client:
    client = Client()
    client.get(make_rehearsal_link(add_user(email="anna@council.example", name="Anna", role=ANALYST)))
    client.post(reverse("governance:purpose"), {"purpose": "clerical-review"})
    return client


@pytest.fixture
def pairs(town: Any, monkeypatch: pytest.MonkeyPatch) -> list[Pair]:
    """Two pairs of residents in doubt. Decisions are kept; what linking makes of them is for test_reviewing."""
    monkeypatch.setattr("borough.residents.reviewing.relink", lambda *args, **kwargs: None)
    monkeypatch.setattr("borough.residents.policies.SAMPLED", 10**9)
    made = []
    for number, (one, other) in enumerate([("Ann", "Anna"), ("Bob", "Robert")]):
        town.resident(one, "O'Neill", postcode="XA1 1AA")
        town.resident(other, "ONeill", "libraries", postcode="XA1 1AB", email="a@b.example")
        low, high = Record.objects.order_by("-id").values_list("id", flat=True)[:2][::-1]
        made.append(Pair.objects.create(low=low, high=high, weight=-1.0, rule=0, worth=5.0 - number))
    return made


def page_of(pair: Pair) -> str:
    return reverse("residents:review_pair", args=[pair.low, pair.high])


def test_the_queue_leads_to_its_first_pair(browser: Client, pairs: list[Pair]) -> None:
    listed = browser.get(reverse("residents:review")).content.decode()
    assert listed.index(page_of(pairs[0])) < listed.index(page_of(pairs[1]))
    assert browser.get(reverse("residents:review_next")).headers["Location"] == page_of(pairs[0])
    after = {"after": f"{pairs[0].low}-{pairs[0].high}"}
    assert browser.get(reverse("residents:review_next"), after).headers["Location"] == page_of(pairs[1])


def test_the_page_marks_what_differs_in_words(browser: Client, pairs: list[Pair]) -> None:
    page = browser.get(page_of(pairs[0])).content.decode()
    assert re.search(r"First name.{0,200}Different", page, re.S)
    assert re.search(r"Date of birth.{0,200}Same", page, re.S)
    assert re.search(r"Email.{0,200}Only one", page, re.S)
    assert '<mark class="review-mark">a</mark>' in page


def test_a_button_decides_and_the_next_page_can_take_it_back(browser: Client, pairs: list[Pair]) -> None:
    answer = browser.post(page_of(pairs[0]), {"says": "different", "why": ""})
    assert answer.headers["Location"] == page_of(pairs[1])
    following = browser.get(page_of(pairs[1])).content.decode()
    assert "You decided: different people." in following
    act = Decision.objects.get().act
    assert reverse("residents:review_undo", args=[act]) in following
    undone = browser.post(reverse("residents:review_undo", args=[act]), {"next": page_of(pairs[0])})
    assert undone.headers["Location"] == page_of(pairs[0])
    assert Decision.objects.filter(kind="undo").count() == 1
    # Said once.
    assert "You decided" not in browser.get(page_of(pairs[1])).content.decode()


def test_without_a_reason_where_one_is_needed_the_page_asks_for_it(browser: Client, pairs: list[Pair]) -> None:
    Pair.objects.filter(pk=pairs[0].pk).update(refused="dob")
    page = browser.post(page_of(pairs[0]), {"says": "same", "why": ""}).content.decode()
    assert "Say why" in page
    assert not Decision.objects.exists()
    browser.post(page_of(pairs[0]), {"says": "same", "why": "A typing error."})
    assert Decision.objects.get().needs_second


def test_another_purpose_is_asked_to_change(browser: Client, pairs: list[Pair]) -> None:
    browser.post(reverse("governance:purpose"), {"purpose": "residents-index"})
    page = browser.get(page_of(pairs[0])).content.decode()
    assert "Continue for this purpose" in page
    assert "Neill" not in page


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("review_merge", {"other_id": "RNOBODY", "why": "One."}),
        ("review_merge", {}),
        ("review_split", {"why": "Two."}),
    ],
)
def test_a_form_about_a_resident_says_what_is_wrong(
    browser: Client, pairs: list[Pair], town: Any, page: str, sent: dict[str, str]
) -> None:
    resident = Resident.objects.order_by("id")[0]
    town.record(resident, "libraries")
    for record in Membership.objects.filter(resident=resident).values_list("record_id", flat=True):
        sent = sent | {f"record_{record}": "1"}
    answer = browser.post(reverse(f"residents:{page}", args=[resident.id]), sent)
    assert "There is a problem" in answer.content.decode()
    assert not Decision.objects.exists()


def test_move_split_and_merge_from_the_residents_page(browser: Client, pairs: list[Pair], town: Any) -> None:
    one, other = Resident.objects.filter(forename__in=["Ann", "Bob"]).order_by("forename")
    record = town.record(one, "libraries")
    page = browser.get(reverse("residents:resident", args=[one.id])).content.decode()
    for name, args in (("merge", [one.id]), ("split", [one.id]), ("move", [one.id, record.pk])):
        assert reverse(f"residents:review_{name}", args=args) in page
    first, second = Membership.objects.filter(resident=one).order_by("record").values_list("record_id", flat=True)
    sent = {f"record_{first}": "1", f"record_{second}": "2", "why": "Two."}
    browser.post(reverse("residents:review_split", args=[one.id]), sent)
    browser.post(reverse("residents:review_move", args=[one.id, record.pk]), {"to": other.id, "why": "Bob's."})
    browser.post(reverse("residents:review_merge", args=[one.id]), {"other_id": other.id.lower(), "why": "One."})
    assert set(Decision.objects.values_list("kind", flat=True)) == {"split", "move", "merge"}
    page = browser.get(reverse("residents:resident", args=[one.id])).content.decode()
    assert page.count("Undo") >= 3


@pytest.mark.parametrize(
    ("left", "right", "ours", "theirs"),
    [
        ("Jon", "John", "Jon", "Jo[h]n"),
        ("6 August 2017", "13 July 2025", "[6] [August] [2017]", "[13] [July] [2025]"),
        ("4 HIGH STREET", "4 High Road", "4 HIGH [STREET]", "4 High [Road]"),
    ],
)
def test_what_differs_is_marked_by_words_and_in_words_alike_by_letters(
    left: str, right: str, ours: str, theirs: str
) -> None:
    def shown(parts: list[tuple[str, bool]]) -> str:
        return "".join(f"[{text}]" if differs else text for text, differs in parts)

    assert tuple(map(shown, differences(left, right))) == (ours, theirs)


def test_kappa_takes_off_what_chance_gives() -> None:
    # Cohen's own kind of table: 20 yes-yes, 15 no-no, 5 and 10 apart; agreed .7, by chance .5.
    words = [("same", "same")] * 20 + [("same", "different")] * 5
    words += [("different", "same")] * 10 + [("different", "different")] * 15
    agreement = agreement_of(words)
    assert (agreement.pairs, agreement.agreed) == (50, 35)
    assert agreement.kappa == pytest.approx(0.4)
    assert agreement_of([]).kappa is None
    assert agreement_of([("same", "same")]).kappa is None


def test_bars_of_a_waterfall_follow_each_other_and_texts_are_escaped() -> None:
    svg = draw_waterfall([Bar("Begin", -4.0), Bar("<b>Same</b>", 10.0)], title="T", total="All")
    assert "<b>" not in svg
    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', svg)]
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="18"', svg)]
    # The second begins where the first ended, at its left; the sum begins at nought.
    assert starts[1] == pytest.approx(starts[0], abs=0.2)
    assert starts[2] == pytest.approx(starts[0] + widths[0], abs=0.2)
    assert "+6.0" in svg


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.2, "about even"),
        (10.0, "about 1,000 to 1 for one person"),
        (-3.0, "about 8 to 1 against one person"),
    ],
)
def test_odds_in_words(weight: float, words: str) -> None:
    assert chance_words(weight) == words


def test_a_reason_of_a_closed_field_is_not_named() -> None:
    opening = Opening(
        viewer=None,  # type: ignore[arg-type]
        purpose="clerical-review",
        verb="residents.read_pair",
        agreement="a",
        fields=frozenset({"name"}),
        sources=frozenset({"*"}),
    )
    shown = only_opened([Reason("surname", "Same surname", 3.0), Reason("phone", "Same phone", 4.0)], opening)
    assert [(reason.field, reason.bits) for reason in shown] == [("surname", 3.0), ("closed", 4.0)]
