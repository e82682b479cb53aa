"""Looks at everything that fieldkit depends on, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fieldkit.vault.doctor.computer import look_at_clock, look_at_memory
from fieldkit.vault.doctor.finding import Finding
from fieldkit.vault.doctor.installation import look_at_installation
from fieldkit.vault.doctor.places import look_at_places, needed_memory, written_ms
from fieldkit.vault.doctor.terminal import look_at_terminal
from fieldkit.vault.settings import read_settings


def examine(folder: Path, backups: Iterable[Path] = ()) -> list[Finding]:
    """Return what there is to say of this computer and of the vault's folder.

    Nothing is unlocked, written or sent, and nothing of what a vault holds is in it.
    """
    settings = read_settings()
    chosen = [settings.backup_folder] if settings.backup_folder is not None else []
    places = look_at_places(folder, [*backups, *chosen])
    findings = [*look_at_installation(), *look_at_terminal(), *places]
    findings.append(look_at_clock(written_ms(folder)))
    findings += look_at_memory(needed_memory(folder))
    for notice in settings.notices:
        findings.append(Finding("settings", "beware", notice, "Correct the file."))
    return findings
