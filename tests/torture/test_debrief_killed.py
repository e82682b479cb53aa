"""Killed while a debrief is closed: agreed words, an action's days and a referral's clock stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import referrals
from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.debrief import (
    FrozenError,
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
)
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import sheet_of
from storage.records import Referral
from storage.records.lookup import records_in
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

REPO = Path(__file__).parents[2]
DAY = "2026-07-08"

CHILD = f"""
import os, signal, sys
from pathlib import Path
from fieldkit.casework import referrals
from fieldkit.feedback.debriefs.debrief import close_debrief, freeze_wording, record_response
from storage.vault.unlock import open_vault

folder, debrief, place, referral = sys.argv[1:]
vault = open_vault(Path(folder), {PASSPHRASE!r})
vault.write_now(freeze_wording, place, "Logs are not checked.")
vault.write_now(record_response, place, outcome="agreed", action="Check them",
                action_owner="sergeants", action_due="9/7/2026", action_done="8/7/2026")
vault.write_now(referrals.step, referral, "told", whom="duty inspector")
print("kept", flush=True)

def close(s):
    close_debrief(s, debrief, "deputy")
    os.kill(os.getpid(), signal.SIGKILL)

vault.write_now(close)
"""
"""Agrees words, notes an action and a referral's step, and dies before the closing is committed."""


def begin(s: Session, inspection: str, case: str) -> tuple[str, str, str, str]:
    """A point told in an earlier debrief, and on the list of the next one."""
    made = add_point(s, inspection, "Logs", "concern").id
    first = open_debrief(s, inspection, "daily", "2026-07-07").id
    freeze_wording(s, include_point(s, first, made).id, "Logs wait.")
    close_debrief(s, first, "deputy")
    debrief = open_debrief(s, inspection, "daily", DAY).id
    referral = referrals.refer(s, case, ["child not seen"], "Not seen since May")
    return debrief, include_point(s, debrief, made).id, referral.id, made


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_was_agreed_outlives_a_kill_and_locks(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    debrief, place, referral, made = vault.write_now(begin, inspection, cases["WST-001"])
    vault.lock()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(vault.folder), debrief, place, referral],
        cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (child.returncode, child.stdout) == (-signal.SIGKILL, "kept\n"), child.stderr
    seen = []
    for _ in range(2):
        with open_vault(vault.folder, PASSPHRASE) as again:
            chain = again.read_now(chains, inspection)[made]
            told = again.read_now(records_in, Referral, inspection)[0]
            with pytest.raises(FrozenError, match="agreed already"):
                again.write_now(freeze_wording, place, "Other words.")
            text = sheet_text(again.read_now(sheet_of, debrief)).partition("Cases referred")[0]
            assert check_vault(again).sound
            seen.append((chain, text, told.state, told.told_at, told.raised_at))
    assert seen[0] == seen[1]
    assert [one.wording for one in chain.tellings] == ["Logs wait.", "Logs are not checked."]
    assert "Not held yet" in text and chain.status == "acted on"
    assert told.state == "told" and told.told_at >= told.raised_at
    (action,) = chain.actions
    assert (action.due, action.done) == ("2026-07-09", "2026-07-08")
