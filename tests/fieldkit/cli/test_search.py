"""``fieldkit search``: filters among the words, and near words."""

from __future__ import annotations

from tests.fieldkit.cli.conftest import Runner


def test_a_search_takes_filters_and_refuses_what_it_cannot_read(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("point", "add", "The handover fails.")
    assert len(fieldkit.done("search", "handover", "kind:point", "by:me", "--json").data) == 1
    assert fieldkit.done("search", "handover", "kind:note", "--json").data == []
    assert "Near: handover." in fieldkit.done("search", "hendover").err
    assert "“kind:nte” is not a kind of record" in fieldkit.refused("search", "x", "kind:nte")
