"""Who has what: words that are true of feeds, as two laptops and central exchange."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.exchange.exchange import exchange
from fieldkit.exchange.receipts import receipts
from fieldkit.exchange.team import TeamSeen, team_seen
from storage.exchange.receipts import take_receipt
from storage.vault.vault import Vault
from tests.storage.travelling import Team, make_team, work


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    folder = tmp_path_factory.mktemp("team") / "team"
    return make_team(folder, laptops=("ada", "ben", "cat"), pq=False)


@pytest.fixture
def two(team: Team, tmp_path: Path) -> Iterator[tuple[Team, Vault, Vault]]:
    copy = team.copy(tmp_path / "team")
    with copy.laptop("ada") as ada, copy.laptop("ben") as ben:
        yield copy, ada, ben


def seen(vault: Vault) -> TeamSeen:
    team = vault.read_now(team_seen)
    assert team is not None
    return team


def said(vault: Vault) -> dict[str, tuple[str, bool, str, bool]]:
    """What is said of each: the first word of both shares, and whether each is behind."""
    return {
        one.name: (
            one.of_them.words.split()[0],
            one.of_them.behind,
            one.of_us.words.split()[0],
            one.of_us.behind,
        )
        for one in seen(vault).lines
    }


def test_it_says_who_has_what_while_a_stick_goes_round(
    two: tuple[Team, Vault, Vault], tmp_path: Path
) -> None:
    team, ada, ben = two
    stick = tmp_path / "stick"
    stick.mkdir()
    ada.write_now(work)
    first = said(ada)
    assert first["Ben"] == ("nothing", True, "nothing", True)
    assert first["Central"] == ("no", False, "nothing", True)
    done = exchange(ada, stick)
    assert done.new_of == {}
    done = exchange(ben, stick)
    assert done.new_of == {ada.identity.device: sum(done.new_of.values())}
    assert seen(ben).after(done.new_of).lines[0].came == sum(done.new_of.values()) > 0
    assert said(ben)["Ada"][:2] == ("all", False)
    exchange(ada, stick)
    assert said(ada)["Ben"] == ("no", False, "all", False), "Ben has it all, and wrote nothing"
    assert said(ada)["Cat"] == ("nothing", True, "nothing", True)
    ada.write_now(lambda s: work(s, reference="WST-002"))
    assert said(ada)["Ben"][2:] == ("to", True), "what was written since is not there yet"
    assert any("Hand the stick to Ben and Cat" in one for one in seen(ada).next_steps)

    seen_before = ada.read_now(receipts)
    left = seen_before.exports[0]
    assert (left.received, left.words) == ("", "not confirmed yet")
    assert seen_before.outstanding == len(seen_before.exports) and seen_before.entries > 0
    with team.central() as central:
        central.ingest([stick])
        (tmp_path / "receipt").write_bytes(central.receipt(ada.identity.device).encode())
    take_receipt(ada, tmp_path / "receipt")
    now_seen = ada.read_now(receipts)
    assert now_seen.outstanding == 0 and "received at " in now_seen.exports[0].text
    # What was written since the last bundle has not left, so central cannot have confirmed it.
    assert 0 < now_seen.entries < seen_before.entries and "has not confirmed" in now_seen.text
    assert said(ada)["Central"] == ("receipt", False, "to", True)


def test_what_leaves_is_counted_without_the_key(two: tuple[Team, Vault, Vault]) -> None:
    _, ada, _ = two
    ada.write_now(work)
    leaving = seen(ada).leaving
    assert leaving.unsent["case"] == 1 and "case_key" not in leaving.unsent
    assert list(leaving.keys.values()) == [1] and not leaving.again and not leaving.last
