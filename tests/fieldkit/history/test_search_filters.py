"""Filters typed among the words of a search, and near words where nothing is found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.history.search import answer, near_words
from fieldkit.history.search_filters import Filters, in_days, read_filters
from fieldkit.methodology import load
from storage.ops.clock import wall_ms
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row

PEOPLE = {"p1": "Jane Hughes", "p2": "Inspector B", "me": "A. Inspector"}


def read(typed: str) -> Filters:
    return read_filters(typed, load("2018"), PEOPLE, "me")


def day(ago: int = 0) -> str:
    return str((datetime.fromtimestamp(wall_ms() / 1000) - timedelta(days=ago)).date())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("handover kind:note", "handover"),
        ("kind:note handover", "handover"),
        ("by:jane handover since:yesterday", "handover"),
        ("late + shift #4", "late + shift"),
        ("late shift - handover", "late shift - handover"),
        ("late – kind:note handover", "late – handover"),
        ("late = shift − handover +", "late = shift − handover"),
        ("- late shift", "late shift"),
        ("kind:note - late shift", "late shift"),
        ("late shift kind:note - ", "late shift "),
        ("10:30 section:47 a:b", "10:30 section:47 a:b"),
        ('"kind:note" "fri" x', "kind:note fri x"),
        ("handover ", "handover "),
        ("handover kind:", "handover"),
        ("friday sat sun", "friday sat sun"),
        ("+44 -5 =x", "+44 -5 =x"),
        ("", ""),
    ],
)
def test_filters_are_taken_off_the_words(typed: str, words: str) -> None:
    found = read(typed)
    assert " ".join(found.words.split()) == " ".join(words.split())
    assert found.words.endswith(" ") == words.endswith(" ")
    assert found.refused == ()


def test_each_filter_is_read() -> None:
    assert read("kind:note kind:judgments").kinds == {"note", "judgment"}
    assert read("KIND:Doc").kinds == {"document"}
    assert read("kind:case_audit").kinds == {"case_audit"}
    for typed, persons in (
        *(("by:jane", "p1"), ("by:b", "p2"), ('by:"inspector b"', "p2"), ("by:me", "me")),
        ("by:inspector", "me p2"),
    ):
        assert " ".join(sorted(read(typed).persons or ())) == persons
    assert read("#4").criteria == {"investigation"} == read("#inv").criteria
    assert read("+ -").signs == {"strength", "concern"} == read("is:strength is:conc").signs
    assert read("late - shift").signs == read('"late" = "shift"').signs == frozenset()
    assert read("- late shift").signs == read("late shift -").signs == {"concern"}
    assert read("+ late - shift =").signs == {"strength", "context"}
    assert read("− =").signs == {"concern", "context"}
    assert read("is:notable").signs == {"notable practice"}
    found = read("since:yesterday until:today")
    assert (found.first, found.last) == (day(1), day())
    assert read("on:today").first == read("on:today").last == day()
    friday = datetime.fromisoformat(read("fri").first)
    assert friday.weekday() == 4 and 0 <= (datetime.fromisoformat(day()) - friday).days < 7
    assert read("by:me kind:note on:today").shown == ("by you", "notes", "on today")
    assert not read("handover").narrow and read("+").narrow and read("by:me").narrow


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("kind:nte", "“kind:nte” is not a kind of record. Did you mean “note”?"),
        ("by:zed", "“by:zed” is nobody who is known here."),
        ("#9", "“#9” is not a criterion."),
        ("#0", "“#0” is not a criterion."),
        ("#xyz", "“#xyz” is not a criterion."),
        ("since:later", "“since:later” is not a day; “monday”, “8/6” and “6 Sep” are."),
        ("is:s is:odd", "“is:odd” is not a sign of a note or a point."),
    ],
)
def test_what_cannot_be_read_is_said_and_counts_for_nothing(typed: str, sentence: str) -> None:
    found = read(f"handover {typed}")
    assert found.refused[0].startswith(sentence)
    assert found.words == "handover"


def test_days_have_two_ends() -> None:
    assert in_days(Filters(), "") and in_days(Filters(first="2026-09-01"), "2026-09-01")
    assert not in_days(Filters(first="2026-09-02"), "2026-09-01")
    assert not in_days(Filters(last="2026-09-01"), "2026-09-02")
    assert not in_days(Filters(last="2026-09-01"), "no day")


@pytest.fixture
def written(vault: Vault, inspection: str, cases: dict[str, str]) -> Vault:
    def work(s: Session) -> None:
        judging.grade(s, cases["WST-001"], "investigation", "inadequate")
        judging.write(s, cases["WST-001"], "investigation", rationale="Lost at the handover.")
        met = add_interview(s, inspection, role="sergeant")
        add_note(s, "interview", met.id, "The handover works.", polarity="strength")
        add_note(
            s,
            "interview",
            met.id,
            "No handover at weekends.",
            polarity="concern",
            criteria=["investigation"],
        )
        points.add_point(s, inspection, "The handover fails.", "concern", "assessment")

    vault.write_now(work)
    return vault


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("handover kind:note", {"The handover works.", "No handover at weekends."}),
        ("handover +", {"The handover works."}),
        ("handover -", {"No handover at weekends.", "The handover fails."}),
        ("handover - kind:note", {"No handover at weekends."}),
        ("handover #inv", {"Lost at the handover.", "No handover at weekends."}),
        ("handover #inv #3 kind:point", {"The handover fails."}),
        ("kind:note by:me since:today", {"The handover works.", "No handover at weekends."}),
        ("kind:note until:yesterday", set()),
        ("handover kind:note on:tomorrow", set()),
        ("fails by:me on:today", {"The handover fails."}),
        ("is:concern kind:point", {"The handover fails."}),
    ],
)
def test_a_search_keeps_to_its_filters(
    written: Vault, inspection: str, typed: str, texts: set[str]
) -> None:
    found = written.read_now(answer, inspection, typed)
    assert {one.excerpt.translate({171: None, 187: None}) for one in found.hits} == texts


def test_nothing_typed_finds_nothing(written: Vault, inspection: str) -> None:
    for typed in ("", "  ", "kind:", "kind:nte", '"'):
        assert written.read_now(answer, inspection, typed).hits == []


def test_a_near_word_is_offered_only_where_it_finds_what_may_be_shown(
    written: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """A word that only the force's hidden reasons hold is never named."""
    assert written.read_now(answer, inspection, "hendover kind:note").near == ("handover",)
    assert written.read_now(answer, inspection, "hand").near == ()
    assert written.read_now(near_words, inspection, "xyzzy") == ()
    written.write_now(lambda s: add_row(s, inspection, 2, case=cases["WST-001"]))
    assert written.read_now(near_words, inspection, "zanzibarr") == ()
