from __future__ import annotations

import pytest

from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from fieldkit.methodology import MethodologyError
from fieldkit.service import NotThereError, RefusedError
from storage.feed.replay import differences
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault


def create(vault: Vault, **said: object) -> str:
    values = {"force": "Eastshire Police", "methodology": "2018"} | said
    return vault.write_now(lambda s: inspections.create(s, **values).id)  # type: ignore[arg-type]  # values of one call


def count(vault: Vault) -> int:
    return len(vault.read_now(inspections.listing))


def test_it_pins_the_methodology_and_takes_its_marking(vault: Vault) -> None:
    create(vault, methodology="ncpi-2014")
    (line,) = vault.read_now(inspections.listing)
    assert (line.methodology, line.marking, line.state) == (
        "2014",
        "OFFICIAL-SENSITIVE",
        "fieldwork",
    )


def test_ids_are_random(vault: Vault) -> None:
    first = create(vault, starts="2024-01-01", ends="2024-01-12")
    assert create(vault, starts="2025-01-01", ends="2025-01-12") != first


@pytest.mark.parametrize(
    ("starts", "ends"),
    [("2026-07-17", "2026-07-20"), ("2026-07-01", "2026-07-06"), ("2026-07-08", ""), ("", "")],
)
def test_a_second_one_of_the_same_force_and_dates_is_refused(
    vault: Vault, inspection: str, starts: str, ends: str
) -> None:
    with pytest.raises(RefusedError, match="already"):
        create(vault, force="westshire  police", starts=starts, ends=ends)
    assert count(vault) == 1
    create(vault, force="Westshire Constabulary", starts=starts, ends=ends, joining=True)
    assert count(vault) == 2


def test_other_dates_or_another_force_are_no_second_one(vault: Vault, inspection: str) -> None:
    create(vault, force="Westshire Constabulary", starts="2027-01-04", ends="2027-01-15")
    create(vault, force="Eastshire Police", starts="2026-07-06", ends="2026-07-17")
    assert count(vault) == 3


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"force": "  "}, RefusedError),
        ({"methodology": "1999"}, MethodologyError),
        ({"starts": "2026-07-17", "ends": "2026-07-06"}, RefusedError),
        ({"starts": "17 Thermidor 2026"}, InvalidError),
        ({"phase": "a chat"}, InvalidError),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(
    vault: Vault, said: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"[Nn]othing was changed"):
        create(vault, **said)
    assert count(vault) == 0


def test_the_open_one_needs_no_name_while_it_is_alone(vault: Vault, inspection: str) -> None:
    assert vault.read_now(inspections.the_open_one).id == inspection
    vault.write_now(change_state, inspection, "left site")
    assert vault.read_now(inspections.the_open_one).id == inspection
    other = create(vault, starts="2026-07-06")
    assert vault.read_now(inspections.the_open_one).id == other
    vault.write_now(change_state, other, "left site")
    with pytest.raises(NotThereError, match=r"More than one inspection .* “left site”"):
        vault.read_now(inspections.the_open_one)
    vault.write_now(change_state, other, "published")
    assert vault.read_now(inspections.the_open_one).id == inspection


def test_an_inspection_is_found_by_id_its_beginning_or_the_force(
    vault: Vault, inspection: str
) -> None:
    other = create(vault, starts="2026-07-06")
    for wanted in (inspection, inspection[:6], "westshire constabulary", "Westshire Police"):
        assert vault.read_now(inspections.the_open_one, wanted).id == inspection
    assert vault.read_now(inspections.the_open_one, "eastshire").id == other
    with pytest.raises(NotThereError) as refusal:
        vault.read_now(inspections.the_open_one)
    assert inspection[:8] in str(refusal.value)
    assert other[:8] in str(refusal.value)
    with pytest.raises(NotThereError, match="called “Northshire”"):
        vault.read_now(inspections.the_open_one, "Northshire")


def test_an_empty_vault_says_how_to_begin(vault: Vault) -> None:
    with pytest.raises(NotThereError, match="fieldkit inspection new"):
        vault.read_now(inspections.the_open_one)


def test_leaving_twice_is_refused(vault: Vault, inspection: str) -> None:
    assert vault.write_now(change_state, inspection, "left site").state == "left site"
    with pytest.raises(RefusedError, match="left site"):
        vault.write_now(change_state, inspection, "left site")
    assert vault.read_now(lambda s: differences(s.connection())) == []
