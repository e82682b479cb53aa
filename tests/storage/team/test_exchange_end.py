"""How an exchange ends: on a full or read-only stick, with a roster, with a refusal, cut short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from fieldkit.exchange import last_exchange
from fieldkit.exchange.exchange import exchange
from fieldkit.exchange.exchange_report import exchange_data, exchange_text
from fieldkit.inspections import inspections
from storage.bundle.errors import NotWrittenError
from storage.central import Central
from storage.exchange import exchange as exchanging
from storage.exchange import export
from storage.vault.clerk import ClosedError
from storage.vault.vault import Vault
from tests.storage.team.test_joining import PLANNED, begin
from tests.storage.team.three import Three
from tests.storage.travelling import work


def full_after(monkeypatch: pytest.MonkeyPatch, bundles: int) -> None:
    """A stick that takes so many bundles and is full then."""
    left = [bundles]

    def some(*args: Any, **kwargs: Any) -> Any:
        if not left[0]:
            raise NotWrittenError(
                "The bundle could not be written to X (No space left on device). Nothing of it "
                "left this laptop and nothing was lost. Check the folder, and try again."
            )
        left[0] -= 1
        return export.export_to(*args, **kwargs)

    monkeypatch.setattr(exchanging, "export_to", some)


def test_a_stick_that_is_full_keeps_what_came_and_says_what_was_written(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.ada.write_now(work)
    three.exchange(three.ada)
    with monkeypatch.context() as patch:
        full_after(patch, 1)
        done = three.exchange(three.ben)
    assert [one.sender for one in done.came if one.new] == ["Ada"]
    (written,) = done.written
    assert (three.stick / written.path.name).exists()
    assert f"{written.path.name} for {written.recipient} is there." in done.failed
    assert "Not written: for " in done.failed
    assert f"for {written.recipient}," not in done.failed.partition("Not written:")[2]
    text = exchange_text(done)
    assert "from Ada" in text
    assert "Not all was written" in text
    assert "Nothing left this laptop" not in text
    assert exchange_data(done)["failed"] == done.failed
    # What could not be written is written the next time, and nothing else is.
    again = three.exchange(three.ben)
    assert again.failed == ""
    assert again.written and written.path.name not in {one.path.name for one in again.written}


def test_a_folder_that_takes_nothing_still_gives_what_is_in_it(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.ada.write_now(work)
    three.exchange(three.ada)
    full_after(monkeypatch, 0)
    done = three.exchange(three.ben)
    assert [one.sender for one in done.came if one.new] == ["Ada"]
    assert done.failed.startswith("No bundle was written (for ")
    assert done.written == []
    assert "everyone is up to date" not in exchange_text(done)


def test_a_roster_that_comes_by_exchange_joins_and_says_so(three: Three) -> None:
    three.roster(inspections=(PLANNED,))
    done = three.exchange(three.ada)
    assert done.notes == ["The team's inspection of Southshire is on this laptop now."]
    assert three.ada.read_now(inspections.the_open_one).id == PLANNED.id
    assert done.notes[0] in exchange_text(done)
    assert three.exchange(three.ada).notes == []


def test_a_roster_that_comes_by_exchange_asks_where_one_was_begun(three: Three) -> None:
    own = three.ada.write_now(begin)
    three.roster(inspections=(PLANNED,))
    done = three.exchange(three.ada)
    (said,) = done.notes
    assert "you have begun" in said
    assert "press i, then a" in said
    assert [one.id for one in three.ada.read_now(inspections.listing)] == [own]


@contextmanager
def refused(three: Three) -> Iterator[tuple[Central, str]]:
    """Central, which got Ada's bundle damaged; and the name of the file."""
    three.ada.write_now(work)
    done = three.exchange(three.ada)
    (for_central,) = [one for one in done.written if one.devices == ("central",)]
    with three.team.central() as central:
        damaged = for_central.path.read_bytes()
        for_central.path.write_bytes(damaged[:-40] + bytes(40))
        central.ingest([for_central.path])
        yield central, for_central.path.name


def test_a_bundle_that_central_refused_is_told_once(three: Three) -> None:
    with refused(three) as (central, name):
        receipt = central.receipt(three.ada.identity.device)
        assert receipt.value()["rejected"]
        (three.stick / "receipt").write_bytes(receipt.encode())
    (said,) = three.exchange(three.ada).notes
    assert f"Central refused {name} of this laptop" in said
    assert "export again" in said
    # A later receipt repeats it; the person knows.
    (three.stick / "receipt").write_bytes(receipt.encode() + b"\n")
    assert three.exchange(three.ada).notes == []
    (three.stick / "receipt").write_bytes(receipt.encode())
    assert three.exchange(three.ben).notes == []


def test_a_receipt_inside_a_bundle_tells_the_same(three: Three) -> None:
    with refused(three) as (central, name):
        central.send_receipt(three.ada.identity.device, three.stick)
    done = three.exchange(three.ada)
    (said,) = done.notes
    assert f"Central refused {name} of this laptop" in said
    assert "central's receipt: 4 entries of this laptop not received yet" in exchange_text(done)
    assert three.exchange(three.ada).notes == []


def test_an_exchange_that_was_cut_short_is_told_afterwards(
    three: Three, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert last_exchange.last_line(three.ada) == ""

    three.ada.write_now(work)
    with monkeypatch.context() as patch:
        patch.setattr("fieldkit.exchange.exchange.write_bundles", _locked(patch))
        with pytest.raises(ClosedError):
            exchange(three.ada, three.stick)
    said = last_exchange.last_line(three.ada, untold=True)
    assert "was cut short" in said
    assert str(three.stick) in said
    three.exchange(three.ada)
    said = last_exchange.last_line(three.ada, untold=True)
    assert said.endswith("ended: nothing new came in, 2 bundles written.")
    last_exchange.told(three.ada)
    assert last_exchange.last_line(three.ada, untold=True) == ""
    assert last_exchange.last_line(three.ada) == said


def _locked(patch: pytest.MonkeyPatch) -> Any:
    """Locked in the middle: from then on the vault answers nothing."""

    def locked(*args: Any, **kwargs: Any) -> Any:
        raise ClosedError("The vault was locked.")

    def writing(*args: Any, **kwargs: Any) -> Any:
        patch.setattr(Vault, "read_now", locked)
        raise ClosedError("The vault was locked.")

    return writing


def test_what_is_kept_of_the_last_exchange_may_be_spoilt(three: Three) -> None:
    three.ada.set_fact_now(last_exchange.FACT, [1])
    assert last_exchange.last_line(three.ada) == ""
    last_exchange.told(three.ada)
