"""Postcodes, whole ones only: a district such as LL57 tells nobody apart.

The form is that of the government's data standard BS 7666 (outward part, then a digit and two
letters other than C, I, K, M, O and V), the areas are those of Royal Mail. Taken besides: small
letters, no space or another sign, the letter O for a nought and I for a one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.wording.identifiers.identifier import POSTCODE, Identifier

_AREAS = frozenset(
    """AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E
    EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN
    LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO
    SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE""".split()
)
_FORM = re.compile(
    r"(?<![\w/£\-])(?P<area>[A-Z]{1,2}) ?(?P<district>[\dOI][\dOI]?[A-Z]?)[ \t\u00a0\-.]{0,3}"
    r"(?P<sector>[\dO])(?P<unit> ?[A-Z]{2})(?![\w/])",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)
_NO_UNITS = frozenset("ST ND RD TH HR WK YR DS PS PP".split())


def find_postcodes(text: str) -> Iterator[Identifier]:
    """Return the postcodes in a text."""
    for match in _FORM.finditer(text):
        area, district, unit = match["area"].upper(), match["district"], match["unit"].strip()
        shouted = unit.isupper() and match["area"].isupper()
        apart = text[match.end("area")] == " "
        if area not in _AREAS or not re.search(r"\d", district):
            continue
        if not shouted and (match["unit"][0] == " " or not _UNIT.fullmatch(unit)):
            continue  # “b2 3 in all”: a slip counts only in capitals
        if unit.upper() in _NO_UNITS and not unit.isupper():
            continue  # “B2 3rd floor”
        if unit.upper() in ("DS", "PS") or (apart and not match["area"].isupper()):
            continue  # “N7 2DS”: two detective sergeants; “so 2 4th”
        yield Identifier(POSTCODE, match.start(), match.end(), match[0])
