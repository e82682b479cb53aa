"""Numbers given by the state or a network: telephone, National Insurance and NHS numbers.

Telephone numbers are judged by libphonenumber (``phonenumberslite``), NHS numbers by
``nhs-number`` (the check digit of the NHS Data Dictionary, modulus 11). The form of a National
Insurance number is that of HMRC's manual NIM39110: two letters, six digits, a letter A to D.
People write the letter O for a nought, and cut numbers wherever they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.wording.identifiers.identifier import NATIONAL_INSURANCE, NHS, PHONE, Identifier

_GAP = r"[ \t\u00a0]{0,2}[\-.·/()–]?[ \t\u00a0]{0,2}"
_RUN = re.compile(
    rf"(?<![\w.,£/\-])(?:\+|\(\+|\()?(?:\d|[Oo](?=\d))(?:{_GAP}[\dOo]){{8,14}}(?![\w/])"
)
_DATE = re.compile(r"(?<!\d)\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d\d)(?!\d)|(?:19|20)\d\d-\d\d-\d\d")
_PHONE_CUE = (
    r"\b(?:tel|telephone|phone|mobile|mob|cell|ring|rang|call(?:ed)?|landline|text(?:ed)?|number|"
    r"whats\s?app|ff[oô]n(?:iwch|iodd)?|symudol|rhif)\b\W{0,3}"
)
_AFTER_CUE = r"(?:\s*(?:no|number|is|on|ar|her|him|them|us|me|back|to|from|at)\b\W{0,3}){0,3}$"
_BEFORE = re.compile(_PHONE_CUE + _AFTER_CUE, re.IGNORECASE)
_NATIONAL = re.compile(r"0[1-37-9]\d{8,9}|0800\d{6}|0500\d{6}")
_LOCAL_CUE = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|ring|rang|landline|ff[oô]n(?:iwch|iodd)?)\b\W{0,3}"
    + _AFTER_CUE,
    re.IGNORECASE,
)
_LOCAL = re.compile(r"(?<![\w.,£:/\-])\d{3,4}[ \-]?\d{3,4}(?![\w:/%]|[.,]\d)")

_NI_LETTERS = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PQR-TW-Z][A-CEGHJ-NPQR-TW-Z]"
_NI_DIGITS = r"[\dO](?:[ \-./]?[\dO]){5}"
_NI = re.compile(
    rf"(?<![\w/\-]){_NI_LETTERS}[ \-./]?(?:(?=[\dO \-./]*\d[\dO \-./]*\d){_NI_DIGITS})"
    r"[ \-./]?[A-D](?![\w/])",
    re.IGNORECASE,
)
_NI_CUE = re.compile(
    rf"\b(?:NINO|N\.?I\.?(?:N|\b)|National Insurance|Yswiriant Gwladol)(?:\s*(?:no|number|rhif))?"
    rf"[\s.:#]*(?:is\s+|yw\s+)?(?P<number>[A-Z]{{2}}[ \-./]?{_NI_DIGITS}(?:[ \-./]?[A-Z])?)(?!\w)",
    re.IGNORECASE,
)

_NHS = re.compile(r"(?<![\w.,£/\-+])\d(?:[ \-.]?\d){9}(?![\w/]|[\-. ]\d)")
_NHS_GROUPS = re.compile(r"\d{3}[ \-.]?\d{3}[ \-.]?\d{4}")
_NHS_CUE = re.compile(
    r"\b(?:NHS|GIG|N\.H\.S\.?)(?:\s*(?:no|number|num|rhif|#))?\W{0,3}(?:is\s+|yw\s+|of\s+)?$",
    re.IGNORECASE,
)


def find_phones(text: str) -> Iterator[Identifier]:
    """Return the telephone numbers in a text."""
    for match in _RUN.finditer(text):
        start, written = match.start(), match[0]
        if written.count("(") > written.count(")"):  # “(07700 900123)” and “(07700 900123 or …)”
            bare = written.lstrip("(")
            start, written = start + len(written) - len(bare), bare
        cued = bool(_BEFORE.search(text[: match.start()]))
        if not _DATE.search(written) and _is_phone(written, cued):
            yield Identifier(PHONE, start, match.end(), written)
    for match in _LOCAL.finditer(text):
        if 6 <= sum(map(str.isdigit, match[0])) and _LOCAL_CUE.search(text[: match.start()]):
            yield Identifier(PHONE, match.start(), match.end(), match[0])


def _is_phone(written: str, cued: bool) -> bool:
    import phonenumbers

    digits = "".join("0" if one in "oO" else one for one in written if one.isdigit() or one in "oO")
    if sum(map(str.isdigit, written)) < len(digits) - 2:
        return False
    if written.lstrip("(").startswith("+"):
        digits = "+" + digits.replace("440", "44", 1) if digits.startswith("440") else "+" + digits
    elif digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits[0] != "0":
        if not (cued or digits.startswith("44")) or len(digits) not in (9, 10, 12):
            return False
        digits = f"+{digits}" if digits.startswith("44") else f"0{digits}"
    try:
        number = phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return False
    # Numbers that Ofcom has not given out are possible and not valid: a slip, and still a number.
    possible = phonenumbers.is_possible_number(number)
    plain = digits.startswith("+") or bool(_NATIONAL.fullmatch(digits))
    return possible and (plain or cued or phonenumbers.is_valid_number(number))


def find_national_insurance(text: str) -> Iterator[Identifier]:
    """Return the National Insurance numbers in a text; without their last letter only if named."""
    spans = [match.span() for match in _NI.finditer(text)]
    spans += [match.span("number") for match in _NI_CUE.finditer(text)]
    for start, end in dict.fromkeys(spans):
        yield Identifier(NATIONAL_INSURANCE, start, end, text[start:end])


def find_nhs(text: str) -> Iterator[Identifier]:
    """Return the NHS numbers in a text: those whose check digit fits, and those that are named."""
    for match in _NHS.finditer(text):
        grouped = _NHS_GROUPS.fullmatch(match[0]) and _is_nhs(match[0])
        if grouped or _NHS_CUE.search(text[: match.start()]):
            yield Identifier(NHS, match.start(), match.end(), match[0])


def _is_nhs(written: str) -> bool:
    from nhs_number.validate import is_valid

    return is_valid("".join(filter(str.isdigit, written)))
