"""Which clock looks wrong, in a sentence. Nothing is refused for it and no stamp is bent."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.wordings import span
from storage.clocks import Skew, skews
from storage.enrolling import roster_in
from storage.identity import device_id
from storage.people import laptops


def clock_lines(s: Session) -> list[str]:
    """What is to be said about clocks; empty where nothing speaks against any.

    Central's clock is believed, and so are two colleagues' that agree with each other. Where one
    colleague's differs and nobody else was heard, either may be wrong.
    """
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        return []
    central = device_id(roster.central.sign_pk)
    known = {one.id for one in roster.devices} | {central}
    told = [one for one in skews(connection) if one.device in known]
    off = [one for one in told if one.ahead_ms]
    names = laptops(connection)
    if not off:
        return []
    ours = _ours(off, told, central)
    if ours is not None:
        return [
            f"This laptop's clock looks {_long(ours.ahead_ms)} "
            f"{'fast' if ours.ahead_ms > 0 else 'slow'}. Set it right when you can; what was "
            "written keeps its times, and nothing is lost."
        ]
    agreed = any(not one.ahead_ms for one in told)
    lines = []
    for one in off:
        name = names.get(one.device, f"laptop {one.device[:4]}")
        if agreed:
            lines.append(
                f"The clock of {name} looks {_long(one.ahead_ms)} "
                f"{'slow' if one.ahead_ms > 0 else 'fast'}. Tell its person."
            )
        else:
            lines.append(
                f"The clocks of this laptop and of {name} differ by {_long(one.ahead_ms)} or more. "
                "Look which of them is right."
            )
    return lines


def _ours(off: list[Skew], told: list[Skew], central: str) -> Skew | None:
    """By what our own clock is the wrong one, if it is; the least that is shown."""
    for one in off:
        if one.device == central:
            return one
    if any(not one.ahead_ms for one in told):
        return None
    for sign in (1, -1):
        same = [one for one in off if one.ahead_ms * sign > 0]
        if len(same) > 1 and len(same) == len(off):
            return min(same, key=lambda one: abs(one.ahead_ms))
    return None


def _long(ms: int) -> str:
    """A length of time as people say it: whole days or hours where it is more than one."""
    seconds = abs(ms) / 1000
    hours = round(seconds / 3600)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    if hours >= 2:
        return f"{hours} hours"
    return span(seconds)
