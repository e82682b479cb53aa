"""Joining: which files of a folder are rosters, and which words are the right ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fieldkit.exchange import enrolment
from fieldkit.exchange.enrolment import (
    is_own_request,
    needs_comparing,
    refuse_other_words,
    request_name,
    rosters_in,
)
from fieldkit.exchange.team import team_seen
from fieldkit.service import RefusedError
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, judge_roster
from storage.trust.current import ROSTER
from storage.vault.unlock import create_vault
from tests.storage.travelling import CHEAP, PASSPHRASE, Team, make_team

WORDS = "deftly ungloved moneywise striving brethren t-shirt sake"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    return make_team(tmp_path_factory.mktemp("enrolment") / "team", laptops=("ada",), pq=False)


@pytest.mark.parametrize(
    "typed",
    [
        WORDS,
        WORDS.upper(),
        WORDS.replace(" ", ", "),
        WORDS.replace("-", ""),
        f"  {WORDS.replace(' ', '  ')} ",
        WORDS.replace(" ", "-"),
    ],
)
def test_the_right_words_are_taken_however_they_are_typed(typed: str) -> None:
    refuse_other_words(typed, WORDS)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (WORDS.replace("striving", "strife"), "Word 4 is"),
        (WORDS.replace("deftly", "deft"), "Word 1 is"),
        (WORDS.replace("sake", "cake"), "Word 7 is"),
        (" ".join(reversed(WORDS.split())), "Word 1 is"),
        (WORDS.removesuffix(" sake"), "6 were typed"),
        (WORDS + " sake", "8 were typed"),
        ("", "0 were typed"),
        ("yes", "1 were typed"),
    ],
)
def test_other_words_are_refused_without_a_word_of_the_right_ones(typed: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said) as refused:
        refuse_other_words(typed, WORDS)
    assert "Nothing was changed" in str(refused.value)
    assert not any(word in str(refused.value) for word in WORDS.split())


def test_rosters_are_found_among_anything_else(team: Team, tmp_path: Path) -> None:
    data = (team.folder / "roster").read_bytes()
    (tmp_path / "a-request.json").write_bytes((team.folder / "ada.request").read_bytes())
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "c.json").write_bytes(b"{" * 40)
    (tmp_path / "d.bin").write_bytes(os.urandom(200))
    (tmp_path / ".hidden").write_bytes(data)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(RefusedError, match="There is no roster in"):
        rosters_in(tmp_path)
    (tmp_path / "any name at all").write_bytes(data)
    (found,) = rosters_in(tmp_path).rosters
    assert (found.roster.org, found.path.name) == ("Inspectorate", "any name at all")


def test_a_roster_that_was_bent_is_a_sentence(team: Team, tmp_path: Path) -> None:
    data = (team.folder / "roster").read_bytes()
    (tmp_path / "roster.json").write_bytes(data.replace(b"Inspectorate", b"Inspectorama"))
    with pytest.raises(RefusedError, match=r"^roster.json: "):
        rosters_in(tmp_path)


def test_a_roster_among_a_thousand_downloads_is_found(team: Team, tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"a{number:04}.pdf").write_bytes(b"%PDF")
        (tmp_path / f"b{number:04}.txt").write_bytes(b"[]")
    for number in range(150):
        (tmp_path / f"c{number:04}.json").write_bytes(b"{}")
    (tmp_path / "roster.json").write_bytes((team.folder / "roster").read_bytes())
    found = rosters_in(tmp_path)
    assert [one.path.name for one in found.rosters] == ["roster.json"]
    assert found.warning == ""


def test_files_that_were_not_read_are_counted(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "MOST_READ", 3)
    for number in range(5):
        path = tmp_path / f"{number}.json"
        path.write_bytes(b"{}")
        os.utime(path, (0, 0))
    with pytest.raises(RefusedError, match="2 older files of the folder"):
        rosters_in(tmp_path)
    (tmp_path / "the-latest").write_bytes((team.folder / "roster").read_bytes())
    found = rosters_in(tmp_path)
    assert len(found.rosters) == 1 and "3 older files" in found.warning


def test_a_damaged_roster_is_named_beside_one_that_holds(team: Team, tmp_path: Path) -> None:
    data = (team.folder / "roster").read_bytes()
    (tmp_path / "old.json").write_bytes(data)
    (tmp_path / "new.json").write_bytes(data.replace(b"Inspectorate", b"Inspectorama"))
    found = rosters_in(tmp_path)
    assert [one.path.name for one in found.rosters] == ["old.json"]
    assert found.warning.startswith("new.json: ")


def test_only_this_laptops_own_request_counts_as_written(team: Team, tmp_path: Path) -> None:
    with team.laptop("ada") as vault:
        path = tmp_path / request_name(vault)
        assert not is_own_request(vault, path)
        for other in (b"", b"{}", (team.folder / "roster").read_bytes()):
            path.write_bytes(other)
            assert not is_own_request(vault, path)
        stranger, _ = create_vault(tmp_path / "stranger", PASSPHRASE, "Ada", params=CHEAP)
        with stranger:
            enrol_request(stranger, tmp_path / "theirs")
        path.write_bytes((tmp_path / "theirs").read_bytes())
        assert not is_own_request(vault, path)
        path.unlink()
        enrol_request(vault, path)
        assert is_own_request(vault, path)


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="There is no roster in"):
        rosters_in(tmp_path / "gone")


def test_a_roster_without_this_laptop_changes_nothing(team: Team, tmp_path: Path) -> None:
    vault, _ = create_vault(tmp_path / "other", PASSPHRASE, "Eve", params=CHEAP)
    with vault:
        enrol_request(vault, tmp_path / "request.json")
        assert needs_comparing(vault) and vault.read_now(team_seen) is None
        (tmp_path / "roster.json").write_bytes((team.folder / "roster").read_bytes())
        (found,) = rosters_in(tmp_path).rosters
        with pytest.raises(FieldkitError, match="This laptop is not on the roster"):
            judge_roster(vault, found.signed, found.roster, fingerprint_confirmed=True)
        assert vault.fact_now(ROSTER) is None and needs_comparing(vault)
