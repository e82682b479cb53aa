"""What opens a vault, by command: escrow, a new code, tries at a terminal, and where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.cli.kit.terminal import Terminal
from fieldkit.cli.kit.unlock import ask_and_unlock
from storage.crypto import age
from storage.crypto.keyslots.kdf import Argon2Params
from storage.vault import credentials, unlock
from storage.vault.unlock import open_vault, open_with_recovery
from tests.conftest import CHEAP
from tests.fieldkit.cli.conftest import PASSPHRASE, Runner

MADE = ("vault", "create", "--memory", "64")


def test_the_cost_is_measured_unless_it_is_given(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = Argon2Params(80 * 1024, 1, 1)
    monkeypatch.setattr(unlock, "calibrate", lambda: measured)
    fieldkit.done("vault", "create")
    told = fieldkit.bare("vault", "info", "--json").data
    assert told["opened_by"][0]["memory_mib"] == 80
    assert told["generation"] == 1
    assert told["warnings"] == [] or all(one["text"] for one in told["warnings"])


def test_the_organisations_key_opens_it_when_all_else_is_lost(
    fieldkit: Runner, tmp_path: Path
) -> None:
    identity = age.generate_identity()
    recipient = identity.recipient().encode()
    assert fieldkit("vault", "create", "--memory", "64", "--escrow", "age1nonsense").code == 1
    assert not (fieldkit.home / "vault").exists()
    fieldkit.done(*MADE, "--escrow", recipient)
    told = fieldkit.bare("vault", "info", "--json").data
    assert told["opened_by"][-1] == {"kind": "age", "recipient": recipient, "label": ""}
    assert "organisation escrow (age1pq1" in fieldkit.bare("vault", "info").out
    safe = tmp_path / "identity"
    safe.write_text(f"# the safe's\n{identity.encode()}\n", "utf-8")
    fieldkit.words.write_text("entirely other words now\n", "utf-8")
    fieldkit.done("vault", "recover", "--escrow-identity", str(safe))
    fieldkit.done("inspection", "list")
    assert fieldkit.done("vault", "escrow", "--remove", "--json").data == {"escrows": []}
    said = fieldkit.refused("vault", "recover", "--escrow-identity", str(safe))
    assert "no organisation escrow" in said
    fieldkit.done("vault", "escrow", "--to", recipient, "--label", "the safe")
    assert "the safe" in fieldkit.bare("vault", "info").out
    assert "can open this vault already" in fieldkit.refused("vault", "escrow", "--to", recipient)


def test_a_file_that_is_no_identity_is_refused_without_repeating_it(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.done(*MADE)
    wrong = tmp_path / "identity"
    wrong.write_text("AGE-SECRET-KEY-1WRONG\n", "utf-8")
    said = fieldkit.refused("vault", "recover", "--escrow-identity", str(wrong))
    assert "WRONG" not in said


def test_a_new_code_by_itself(fieldkit: Runner) -> None:
    old = fieldkit.done(*MADE).out.strip()
    new = fieldkit.done("vault", "code", "--json").data["recovery_code"]
    assert new != old
    folder = fieldkit.home / "vault"
    with open_with_recovery(folder, new) as vault:
        assert not credentials.code_unconfirmed(vault)
    with pytest.raises(Exception, match="does not open this vault"):
        open_with_recovery(folder, old)


def test_a_bad_folder_is_told_when_it_is_made_and_by_info(fieldkit: Runner, tmp_path: Path) -> None:
    folder = str(tmp_path / "Nextcloud" / "vault")
    ran = fieldkit.done("--vault", folder, *MADE)
    assert "that Nextcloud synchronises" in ran.err
    assert "Nextcloud" in fieldkit.bare("--vault", folder, "vault", "info").out
    told = fieldkit.bare("--vault", folder, "vault", "info", "--json").data["warnings"]
    assert told[0]["kind"] == "synchronised"


class Said:
    """What a terminal would have said."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def say(self, text: str) -> None:
        self.told.append(text)


def test_at_a_terminal_one_may_try_again_and_it_slows_down(tmp_path: Path) -> None:
    vault, _ = unlock.create_vault(
        tmp_path / "vault", PASSPHRASE, "Ann", params=CHEAP, code_unconfirmed=True
    )
    vault.lock()
    typed = iter(["wrong", "wrong again", "and again", "and more", PASSPHRASE])
    said = Said()
    waited: list[float] = []
    terminal: Terminal = said  # type: ignore[assignment]  # all that is used of one
    opened = ask_and_unlock(
        terminal,
        lambda: next(typed),
        lambda words: open_vault(tmp_path / "vault", words),
        person=True,
        pause=waited.append,
    )
    opened.lock()
    assert waited == [1, 2]
    assert sum("does not open" in one for one in said.told) == 4
    assert any("wait of 2 seconds" in one for one in said.told)
    assert any("fieldkit vault code" in one for one in said.told)


def test_a_script_has_one_try(tmp_path: Path) -> None:
    vault, _ = unlock.create_vault(tmp_path / "vault", PASSPHRASE, "Ann", params=CHEAP)
    vault.lock()
    asked: list[str] = []

    def ask() -> str:
        asked.append("once")
        return "wrong"

    terminal: Terminal = Said()  # type: ignore[assignment]
    with pytest.raises(Exception, match="does not open"):
        ask_and_unlock(
            terminal, ask, lambda words: open_vault(tmp_path / "vault", words), person=False
        )
    assert asked == ["once"]
