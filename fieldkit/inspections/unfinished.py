"""Finishes what a lock or a crash cut short (:mod:`storage.vault.stage`), after unlocking."""

from __future__ import annotations

from typing import Any

from fieldkit.inspections import join
from storage.progress import Progress, silent
from storage.vault.stage import StagedJob, resume
from storage.vault.vault import Vault


def finish(vault: Vault, progress: Progress = silent) -> list[str]:
    """Finish or drop the job that was cut short; return what became of it, in sentences.

    Nothing where there was none. Not to be called on the clerk's own thread.
    """
    if not vault.staged:
        return []
    before = vault.read_now(join.known)
    sentences = resume(vault, jobs, progress)
    return sentences + join.after_coming(vault, before)


def jobs() -> list[type[StagedJob[Any]]]:
    """Return every kind of job that is done in slices; few unlockings need one."""
    from fieldkit.casework.import_list import CaseListJob
    from fieldkit.history.staged_records import StagedRecords
    from storage.exchange.staged_merge import MergeJob

    return [MergeJob, StagedRecords, CaseListJob]
