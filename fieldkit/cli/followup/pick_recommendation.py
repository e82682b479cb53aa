"""Which recommendation a person means by what was typed on the command line."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.cli.kit.pick import pick
from fieldkit.followup.force import recommendations_of_force
from fieldkit.followup.numbers import called
from fieldkit.methodology import canonical
from storage.records import Recommendation

RECOMMENDATION = (
    "its number, “draft 2” before it is published, its id or a part of its wording; of any "
    "inspection of the force"
)
"""What :func:`pick_recommendation` takes."""


def pick_recommendation(s: Session, inspection_id: str, wanted: str) -> Recommendation:
    """Return the recommendation meant, of any inspection of the force of one.

    Raises a refusal where none is meant, or several.
    """
    known = recommendations_of_force(s, inspection_id)
    spelled = canonical(wanted)
    numbered = [one for one in known if canonical(called(one)) == spelled]
    if not numbered and spelled.isdigit():
        numbered = [one for one in known if str(one.number) == spelled]
    if len(numbered) == 1:
        return numbered[0]

    def label(one: Recommendation) -> str:
        return f"{called(one)}: {one.wording}"

    # Two laptops may have given the same number: then both are named.
    if numbered:
        return pick(f"{called(numbered[0])}:", numbered, label, "recommendation")
    where = "of this force"
    return pick(wanted, known, label, "recommendation", where=where)
