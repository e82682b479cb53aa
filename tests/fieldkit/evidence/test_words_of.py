"""What a person wrote in a field is looked through, and the id of a person is nobody's words."""

from __future__ import annotations

import pytest

from fieldkit.evidence.identifiers import texts_of
from storage.records import Query


@pytest.mark.parametrize(
    ("asked_of", "words"),
    [("26fc15860011", ""), ("b5324ba30044", ""), ("DC Okafor 4471", "DC Okafor 4471")],
)
def test_the_id_of_a_person_is_nobodys_words(asked_of: str, words: str) -> None:
    query = Query(id="q", inspection_id="i", case_id="c", criterion="overall",
                  question="Why?", asked_at="2026-07-08T10:00", asked_of=asked_of)  # fmt: skip
    assert texts_of(query) == {"question": "Why?"} | ({"asked_of": words} if words else {})
