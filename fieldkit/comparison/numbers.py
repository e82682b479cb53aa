"""Numbers in words, the way an inspector would say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldkit.comparison.agreement.results import SignTest
from fieldkit.wording.format import clean
from storage.ops.text import many


def percent(share: float) -> str:
    """Return a share as a whole percentage; never 0 or 100 unless it is exactly that."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole} %"


def p_text(p: float) -> str:
    """Write “p = 0.004”, “p < 0.001” or “p = 1”."""
    if p < 0.001:
        return "p < 0.001"
    return "p = 1" if p == 1 else f"p = {p:.3f}"


def coefficient(value: float) -> str:
    """Return two decimals, without a minus before a nought."""
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text


def interval(low: float, high: float) -> str:
    """Return an interval as shown: cut off at the ends a coefficient can reach."""
    return f"{coefficient(max(low, -1.0))} to {coefficient(min(high, 1.0))}"


def published_sentence(counts: Mapping[str, int], scale: Sequence[str]) -> str:
    """Return the sentence a report prints, without its subject, for a scale of any length.

    “audited 33 child protection cases (9 cases were good, 14 required improvement and 10 were
    inadequate)”. Grades of the scale only; not judged is not a grade.
    """
    total = sum(counts.get(grade, 0) for grade in scale)
    if total == 0:
        return "audited no child protection cases"
    parts = [
        _grade_part(counts.get(grade, 0), grade, first=place == 0)
        for place, grade in enumerate(scale)
    ]
    return f"audited {many(total, 'child protection case')} ({series(parts)})"


def _grade_part(number: int, grade: str, *, first: bool) -> str:
    subject = str(number) if number else ("no" if first else "none")
    if first:
        subject += " case" if number == 1 else " cases"
    verb, _, others = grade.partition(" ")
    if verb == "requires":
        return f"{subject} required {others}"
    return f"{subject} {'was' if number == 1 else 'were'} {grade}"


def series(parts: Sequence[str]) -> str:
    """Return parts of a sentence as a person lists them: “one, two and three”."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def direction_sentence(n: int, sign: SignTest, *, with_test: bool) -> str:
    """Say which side graded higher, in words, with the exact sign test where it may be shown.

    “The force graded higher than we did in 9 of 25 judgments and lower in none (exact sign test
    p = 0.004).”
    """
    if n == 0:
        return "No judgment was made by both, so there is no direction to speak of."
    if sign.discordant == 0:
        judgments = "the one judgment" if n == 1 else f"all {n} judgments"
        return f"The force and we gave the same grade in {judgments} made by both."
    test = f" (exact sign test {p_text(sign.p)})" if with_test and sign.p is not None else ""
    return (
        f"The force graded higher than we did in {sign.force_higher or 'none'} of"
        f" {many(n, 'judgment')} and lower in {sign.force_lower or 'none'}{test}."
    )


def chance_words(p: float) -> str:
    """Say in words how often chance alone makes a split at least as one-sided as this one.

    Args:
        p: two-sided, of the exact sign test.

    Returns:
        the end of a sentence: “less than once in 500”, “about once in 6”, “more often than not”.
    """
    if p > 0.5:
        return "more often than not"
    if p >= 0.05:
        return f"about once in {round(1 / p)}"
    # Rounded towards the side that claims less.
    times = int(1 / p + 1e-9)
    place = 10 ** max(len(str(times)) - 1, 0)
    return f"less than once in {max(times // place * place, 20):,}"


def below_words(force_higher: int, *, found: bool = True) -> str:
    """Return what the criteria below a force's higher overall grade are counted among.

    Args:
        force_higher: of how many cases the force's overall grade is higher.
        found: whether any criterion follows.
    """
    return (
        f"Where the force's overall grade is higher than ours ({many(force_higher, 'case')}), our"
        f" grade of a criterion lies below it in{':' if found else ' none.'}"
    )


GRADERS = {
    "both": "graded by both",
    "only us": "by inspectors only",
    "only the force": "by the force only",
    "neither": "by neither",
}
"""How a sentence says by whom cases were graded, after their number."""


def parts_words(parts: Mapping[str, int], *, no_grade: int, unmatched: int) -> str:
    """Return every self-assessed case once, by who graded it, in a sentence; noughts are left out.

    Args:
        parts: as the table of self-assessed cases has them.
        no_grade: cases whose row of the force has no grade.
        unmatched: cases matched to no row of the force.
    """
    graded = ", ".join(
        f"{n} {GRADERS.get(name, name)}" for name, n in parts.items() if n or name == "both"
    )
    why = (("The force's row has no grade", no_grade), ("No row of the force", unmatched))
    ungraded = "".join(f" {name}: {n}." for name, n in why if n)
    return f"{graded}: {sum(parts.values())}.{ungraded}"


def named(references: Sequence[str], most: int = 5) -> str:
    """Say how many, with the first of their references: “7 (WST-001, WST-002, …)”; or “none”."""
    if not references:
        return "none"
    more = ", …" if len(references) > most else ""
    return f"{len(references)} ({', '.join(map(plain, references[:most]))}{more})"


def hidden_words(to_reveal: Sequence[str], to_grade: Sequence[str], how: str) -> str:
    """Say which grades of the force's are not revealed, and what to do; empty where all are.

    Args:
        to_reveal: the cases that have a grade of ours.
        to_grade: those that have none yet.
        how: what reveals the first, such as a key.
    """
    sentences = []
    if to_reveal:
        sentences.append(f"Ready to be revealed: {named(to_reveal)}; {how} reveals them.")
    if to_grade:
        pronoun = "it" if len(to_grade) == 1 else "them"
        sentences.append(
            f"Not revealed and not graded by us yet: {named(to_grade)}; grade {pronoun} first."
        )
    return " ".join(sentences)


def sides_words(ours: int, theirs: int) -> str:
    """Say which cases the bars of each side are drawn over."""
    return f"Each side by itself, all that it graded: the force {theirs}, we {ours}."


def their_words(grade: str | None, word: str) -> str:
    """Return the force's grade, or what it wrote where there is none of the scale."""
    if grade:
        return grade
    return f"“{plain(word)}” (no grade of the scale)" if plain(word) else "no grade"


def steps_phrase(steps: int) -> str:
    """Say “force 2 grades higher” for 2, “force 1 grade lower” for -1."""
    return f"force {many(abs(steps), 'grade')} {'higher' if steps > 0 else 'lower'}"


def plain(text: str) -> str:
    """Return text on one line with blanks for what a terminal obeys, as others' files may hold."""
    return " ".join(clean(text, " ").split())
