"""What is read ahead is never older than what was kept since."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from fieldkit.inspections import inspections
from screens.kit.frame.ahead import Ahead
from storage.errors import FieldkitError
from storage.records import Inspection
from storage.vault.vault import Vault


def forces(session: Session) -> list[str]:
    return sorted(one.force for one in session.exec(select(Inspection)))


async def test_it_is_read_at_once_and_read_again_only_after_a_commit(
    vault: Vault, inspection: str
) -> None:
    read: list[str] = []

    def job(session: Session) -> list[str]:
        read.append("read")
        return forces(session)

    ahead = Ahead(vault, job)
    after = Ahead(vault, lambda _: len(ahead.known()))
    assert len(await ahead.result()) == await after.result() == 1
    assert await ahead.result() and len(read) == 1
    await vault.write(inspections.create, force="Eastshire", methodology="2018")
    assert "Eastshire" in await ahead.result()
    assert len(read) == 2


async def test_a_refusal_comes_where_it_is_asked_for(vault: Vault) -> None:
    ahead = Ahead(vault, lambda s: inspections.the_open_one(s).id)
    after = Ahead(vault, lambda _: ahead.known())
    with pytest.raises(FieldkitError, match="no inspection here yet"):
        await after.result()
