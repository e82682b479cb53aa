"""The texts of ``corpus/`` were committed before the recognisers; they say how good these are."""

from __future__ import annotations

import pytest

from tests.fieldkit.wording.identifiers.rates import CORPUS, measure_folder, measure_second


@pytest.mark.parametrize("name", ["corpus", "forms"])
def test_identifiers_are_stopped_and_clean_sentences_are_not(name: str) -> None:
    rates = measure_folder(CORPUS.with_name(name))
    assert rates.share_stopped >= 0.98, rates.missed
    assert rates.share_marked < 0.05, rates.marked
    for kind, count in rates.texts.items():
        assert rates.stopped[kind] >= 0.9 * count, kind


def test_texts_by_somebody_who_had_not_seen_the_first() -> None:
    rates = measure_second(CORPUS.with_name("second"))
    assert rates.share_stopped >= 0.98, rates.missed
    assert rates.share_marked < 0.05, rates.marked
    assert rates.texts.total() >= 200 and rates.clean >= 500


def test_the_corpus_has_what_it_claims() -> None:
    rates = measure_folder(CORPUS)
    assert rates.texts.total() >= 200 and rates.clean >= 500
    assert len(rates.texts) == 7
