from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.feed import search
from storage.feed.replay import differences
from storage.feed.search import Hit, expression, find, scrub
from storage.records import Case, CaseKey, Consultation, Judgment, Note
from storage.vault.vault import Vault


def note(vault: Vault, text: str, inspection: str = "i") -> str:
    made = Note.make(inspection_id=inspection, parent_kind="case", parent_id="c", text=text)
    record = made.id
    vault.write_now(lambda s: s.add(made))
    return record


def found(vault: Vault, typed: str, inspection: str | None = None, **more: Any) -> list[Hit]:
    return vault.read_now(lambda s: find(s.connection(), typed, inspection, **more))


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("suspect", True),
        ("susp", True),
        ("SUSPECT traced", True),
        ("traced suspect", True),
        ("susp traced", False),
        ("susp ", False),
        ("sian", True),
        ("SIÂN", True),
        ("42/10001", True),
        ("nobody", False),
    ],
)
def test_every_word_must_stand_there_and_the_last_may_be_begun(
    vault: Vault, typed: str, finds: bool
) -> None:
    record = note(vault, "The suspect known to Siân was not traced (42/10001/26).")
    assert [one.record for one in found(vault, typed)] == ([record] if finds else [])


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("ﬁnance", "finance"),
        ("ﬁnance", "ﬁnance"),
        ("finance", "ﬁnance"),
        ("safe\u00adguarding", "safeguarding"),
        ("safeguarding", "safe\u00adguarding"),
        ("Straße", "strasse"),
        ("Straße", "straße"),
        ("STRASSE", "Straße"),
        ("oﬃce of the ﬂeet", "office flee"),
        ("\uff37\uff45\uff53\uff54\uff53\uff48\uff49\uff52\uff45", "westshire"),
        ("zero\u200bwidth", "zerowidth"),
        ("Łódź", "łódź"),
    ],
)
def test_words_are_found_as_they_are_typed(vault: Vault, text: str, typed: str) -> None:
    record = note(vault, f"Before {text} after")
    hits = found(vault, typed)
    assert [hit.record for hit in hits] == [record]
    assert "«" in hits[0].excerpt and "\x1f" not in hits[0].excerpt


def test_the_place_is_marked(vault: Vault) -> None:
    note(vault, "The suspect was not traced.")
    (hit,) = found(vault, "trac")
    assert (hit.kind, hit.excerpt) == ("note", "The suspect was not «traced».")


def test_a_changed_text_is_found_by_its_new_words_only(vault: Vault) -> None:
    record = note(vault, "early")
    vault.write_now(lambda s: s.get(Note, record).change(text="late"))  # type: ignore[union-attr]  # it is there
    assert found(vault, "early") == []
    assert [one.record for one in found(vault, "late")] == [record]
    vault.write_now(lambda s: s.get(Note, record).change(polarity="concern"))  # type: ignore[union-attr]  # it is there
    assert len(found(vault, "late")) == 1


def test_a_deleted_record_is_not_found(vault: Vault) -> None:
    record = note(vault, "gone")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    assert found(vault, "gone") == []


def test_only_the_fields_of_words_are_searched(vault: Vault) -> None:
    judgment = Judgment.make(
        inspection_id="i", case_id="c", criterion="zebra", rationale="giraffe", concern="okapi"
    )
    key = CaseKey.make(inspection_id="i", case_id="c", force_ref="42/7/26", child="Zachary")
    vault.write_now(lambda s: s.add_all([judgment, key]))
    assert [one.kind for one in found(vault, "giraffe")] == ["judgment"]
    assert [one.kind for one in found(vault, "okapi")] == ["judgment"]
    assert found(vault, "zebra") == []
    assert [one.kind for one in found(vault, "42/7/26")] == ["case_key"]
    assert found(vault, "Zachary") == []


def test_a_record_without_words_is_not_in_the_index(vault: Vault) -> None:
    judgment = Judgment.make(inspection_id="i", case_id="c", criterion="k")
    vault.write_now(lambda s: s.add(judgment))
    vault.write_now(lambda s: s.add(Consultation.make(of_kind="case", of_id="c")))
    count = "SELECT COUNT(*) FROM searchable"
    assert vault.read_now(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 0


def test_an_inspection_is_searched_alone(vault: Vault) -> None:
    here = note(vault, "custody", "i")
    note(vault, "custody", "j")
    assert [one.record for one in found(vault, "custody", "i")] == [here]
    assert len(found(vault, "custody")) == 2


def test_the_best_match_stands_first_and_the_rest_is_left_out(vault: Vault) -> None:
    case = Case.make(inspection_id="i", reference="custody")
    case_id = case.id
    vault.write_now(lambda s: s.add(case))
    for number in range(4):
        note(vault, f"custody among many other words of a long sentence {number}")
    hits = found(vault, "custody", limit=3)
    assert len(hits) == 3
    assert hits[0].record == case_id


@given(st.text(max_size=20))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_typed_is_an_error(vault: Vault, typed: str) -> None:
    assert found(vault, typed) == []


@pytest.mark.parametrize(
    ("typed", "query"),
    [("", ""), ("a b", '"a" "b"*'), ("a ", '"a"'), ('x" OR "y', '"x" "or" "y"*'), ("-*", "")],
)
def test_operators_are_words(typed: str, query: str) -> None:
    assert expression(typed) == query


def test_scrubbing_leaves_nothing_of_removed_words(vault: Vault) -> None:
    """For whoever takes the bytes of an op away; a mere deletion may leave words in the index."""
    record = note(vault, "kingfisher7731")
    note(vault, "another remark")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    vault.write_now(lambda s: scrub(s.connection()))
    query = "SELECT COUNT(*) FROM words_data WHERE instr(block, CAST('kingfisher' AS BLOB)) > 0"
    assert vault.read_now(lambda s: s.connection().exec_driver_sql(query).scalar_one()) == 0
    assert len(found(vault, "remark")) == 1


def test_what_is_spelled_otherwise_is_what_a_replay_would_make(vault: Vault) -> None:
    for text in (
        "The ﬁnance team",
        "safe\u00adguarding",
        "Straße",
        "½ of ¼",
        "\uff37 and Ⅳ",
        "Siân",
    ):
        note(vault, text)
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_every_inspection_has_places_of_its_own(vault: Vault) -> None:
    """Whatever is written, edited and removed in which order, one by one or many at once."""
    turns = enumerate("ijkijjkikjik")
    written = [note(vault, f"custody {number}", place) for number, place in turns]

    def together(s: Session) -> None:
        search.put_many(
            s.connection(), [("note", f"n{n}", "lkj"[n % 3], f"custody {n}") for n in range(9)]
        )

    def edit(s: Session) -> None:
        for record in written[::2]:
            s.get_one(Note, record).change(text="custody again")
        s.delete(s.get_one(Note, written[1]))

    vault.write_now(together)
    vault.write_now(edit)

    def places(s: Session, inspection: str) -> tuple[int, int]:
        return search.places_of(s.connection(), inspection)

    rows = "SELECT id, inspection FROM searchable ORDER BY id"
    known = vault.read_now(lambda s: s.connection().exec_driver_sql(rows).all())
    assert len(known) == 12 + 9 - 1
    for inspection in "ijkl":
        first, beyond = vault.read_now(places, inspection)
        assert {of for at, of in known if first < at < beyond} == {inspection}
        assert all(first < at < beyond for at, of in known if of == inspection)
        of_it = {one.record for one in found(vault, "custody", inspection)}
        assert len(of_it) == sum(of == inspection for _, of in known)
    assert len(found(vault, "custody")) == len(known)


def test_places_that_were_given_up_are_free_again(vault: Vault) -> None:
    class GivenUpError(Exception):
        """What was written is given up."""

    def give_up(s: Session) -> None:
        s.add(Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="custody"))
        s.flush()
        raise GivenUpError

    with pytest.raises(GivenUpError):
        vault.write_now(give_up)
    other, here = note(vault, "custody", "j"), note(vault, "custody", "i")
    assert [one.record for one in found(vault, "custody", "i")] == [here]
    assert [one.record for one in found(vault, "custody", "j")] == [other]
