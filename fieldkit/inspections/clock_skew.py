"""Which clock looks wrong, in a sentence. Nothing is refused for it and no stamp is bent."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.wording.dates import span
from storage.exchange.clock_skew import Skew, skews
from storage.trust.current import laptops, roster_in
from storage.trust.identity import device_id


def clock_lines(s: Session) -> list[str]:
    """Return what is to be said about clocks; empty where nothing speaks against any.

    Central's clock is believed, and so are two others that both differ from ours. Where only one
    differs, it is that one if another agreed with ours at the time; else either may be wrong.
    """
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        return []
    central = device_id(roster.central.sign_pk)
    known = {one.id for one in roster.devices} | {central}
    known_skews = [one for one in skews(connection) if one.device in known]
    off = [one for one in known_skews if one.ahead_ms]
    doubtful = [one for one in off if not _spoken_for(one, known_skews)]
    names = laptops(connection)
    ours = _ours(off, doubtful, central)
    if ours is not None:
        return [
            f"This laptop's clock looks {_long(ours.ahead_ms)} "
            f"{'fast' if ours.ahead_ms > 0 else 'slow'}. Set it right when you can; what was "
            "written keeps its times, and nothing is lost."
        ]
    lines = []
    for skew in off:
        name = names.get(skew.device, f"laptop {skew.device[:4]}")
        if skew in doubtful:
            lines.append(
                f"One of the two clocks of this laptop and of {name} is wrong: they differ by "
                f"{_long(skew.ahead_ms)} or more. Look which of them is right."
            )
        else:
            lines.append(
                f"The clock of {name} looks {_long(skew.ahead_ms)} "
                f"{'slow' if skew.ahead_ms > 0 else 'fast'}. Tell its person."
            )
    return lines


def _spoken_for(off: Skew, told: list[Skew]) -> bool:
    """Say whether a third clock agreed with ours, and ours cannot have been turned in between.

    A clock that jumped ahead shows it by the times on our own entries, which then lie as far apart;
    one that was set back, by its saying less than before.
    """
    for place, skew in enumerate(told):
        if skew.ahead_ms:
            continue
        if off.ahead_ms > 0 and skew.own_ms and off.own_ms - skew.own_ms < off.ahead_ms:
            return True
        if off.ahead_ms < 0 and (place > told.index(off) or skew.read_ms <= off.read_ms):
            return True
    return False


def _ours(off: list[Skew], doubtful: list[Skew], central: str) -> Skew | None:
    """Return by what our own clock is the wrong one, if it is: the least that is shown."""
    for skew in off:
        if skew.device == central:
            return skew
    one_way = len({one.ahead_ms > 0 for one in doubtful}) == 1
    if len(doubtful) > 1 and one_way:
        return min(doubtful, key=lambda skew: abs(skew.ahead_ms))
    return None


def _long(ms: int) -> str:
    """Return a length of time as people say it: whole days or hours where it is more than one."""
    seconds = abs(ms) / 1000
    hours = round(seconds / 3600)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    if hours >= 2:
        return f"{hours} hours"
    return span(seconds)
