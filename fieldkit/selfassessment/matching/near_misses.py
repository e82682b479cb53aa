"""Whether a reference that nothing else confirms may be another case's, written with a slip.

A slip of the pen that makes a case's reference out of another's cannot be told by the references
alone. It can be suspected where cases that no row of the force has are only a slip away.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

MOST = 2
"""Cases without a row, one wrong character away, that leave a reference pre-ticked.

Measured on samples of references alone (tests/fieldkit/selfassessment/dip_samples.py, seeds 200
to 1199, which are not those of the tests): a slip made another case's reference in 50 of
33,000 rows. Asking where more such neighbours than this, or one with two characters swapped, could
be meant leaves 29 and still ticks 65 % of the true pairs.
"""


def doubt(reference: str, others: Sequence[str]) -> str:
    """Return the clause why a person is asked, or "" where the reference may stand.

    Args:
        reference: of a row, in its comparable form; equal to that of one case of ours.
        others: those of the cases near it that no row has.
    """
    alike = [
        one for one in others if len(one) == len(reference) and OSA.distance(one, reference) == 1
    ]
    swapped = any(sorted(one) == sorted(reference) for one in alike)
    if len(alike) <= MOST and not swapped:
        return ""
    if len(alike) == 1:
        near = "another case of ours without a row is one slip away"
    else:
        near = f"{len(alike)} other cases of ours without a row are one slip away"
    return f"no date or type confirms it, and {near}"
