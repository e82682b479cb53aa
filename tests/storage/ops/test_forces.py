"""Names of forces: which mean one, and which do not."""

from __future__ import annotations

from itertools import combinations

import pytest

from storage.ops.forces import comparable_force, is_same_force, short_force

FORCES = [
    ["Westshire", "Westshire Police", "WESTSHIRE CONSTABULARY", " westshire  police force ",
     "The Westshire Constabulary", "Westshire Police Service", "“Westshire” Police"],
    ["West Midlands", "West Midlands Police", "west-midlands police"],
    ["West Mercia Police", "West Mercia Constabulary"],
    ["Devon & Cornwall Police", "Devon and Cornwall Constabulary", "devon&cornwall"],
    ["Metropolitan Police Service", "The Metropolitan Police", "Metropolitan"],
    ["City of London Police", "City of London"],
    ["Police Scotland", "Police Service of Scotland", "Scotland"],
    ["Heddlu Gwent", "Heddlu Gwent Police", "Gwent Police"],
    ["King’s Lynn Police", "King's Lynn Constabulary", "Kings Lynn"],
    ["Police"], ["Constabulary"], ["Policehamshire"], ["—"], [""],
]  # fmt: skip


@pytest.mark.parametrize("names", FORCES, ids=lambda names: names[0] or "none")
def test_names_of_one_force_are_the_same(names: list[str]) -> None:
    assert len(set(map(comparable_force, names))) == 1
    assert all(is_same_force(one, other) for one in names for other in names)


def test_names_of_two_forces_are_not() -> None:
    for one, other in combinations((names[0] for names in FORCES), 2):
        assert not is_same_force(one, other)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Westshire Constabulary", "Westshire"),
        ("Northshire Police", "Northshire"),
        ("Metropolitan Police Service", "Metropolitan"),
        ("Police", "Police"),
        ("Heddlu Gogledd Cymru", "Heddlu Gogledd Cymru"),
        ("", ""),
    ],
)
def test_a_force_in_short(name: str, short: str) -> None:
    assert short_force(name) == short
