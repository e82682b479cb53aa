"""Which cases the list shows, and in which order: views, the words typed, and the sorted column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fieldkit.casework.case_lines import CaseLine

View = tuple[str, str, Callable[[CaseLine, frozenset[str]], bool]]
"""A name, what it is called, and whether it holds a case, for a person of these names."""
VIEWS: tuple[View, ...] = (
    ("all", "All", lambda case, me: not case.withdrawn),
    ("open", "Open", lambda case, me: not case.done and not case.withdrawn),
    ("mine", "Mine", lambda case, me: case.allocated_to.casefold() in me and not case.withdrawn),
    ("done", "Done", lambda case, me: case.done and not case.withdrawn),
    ("referred", "Referred", lambda case, me: bool(case.referral) and not case.withdrawn),
    ("withdrawn", "Withdrawn", lambda case, me: case.withdrawn),
)

SORTS: tuple[tuple[str, str], ...] = (
    ("reference", "Case"),
    ("types", "Type"),
    ("auditor", "Who"),
    ("graded", "criteria"),
    ("overall", "Overall"),
    ("sent", "sent"),
)
"""What a column is sorted by, and its heading."""
_SENT = ("local", "exported", "received", "erased")


@dataclass(frozen=True, slots=True)
class Order:
    """Says by which column the list is sorted, and which way."""

    column: int = 0
    falling: bool = False

    @property
    def name(self) -> str:
        """Return the name of the column."""
        return SORTS[self.column][0]

    def next(self) -> Order:
        """Return the order by the next column."""
        return Order((self.column + 1) % len(SORTS))

    def turned(self) -> Order:
        """Return the order the other way round."""
        return Order(self.column, not self.falling)

    def sort(self, cases: Iterable[CaseLine], grades: Sequence[str]) -> list[CaseLine]:
        """Return cases in this order; those that are alike by reference.

        Args:
            cases: in the order of their references.
            grades: of the scale, the best first; by the overall grade the worst come first.
        """
        worst = {grade: -number for number, grade in enumerate(grades)}
        keys: dict[str, Callable[[CaseLine], object]] = {
            "reference": lambda case: 0,
            "types": lambda case: case.type_labels,
            "auditor": lambda case: (not case.auditor, case.auditor.casefold()),
            "graded": lambda case: case.graded,
            "overall": lambda case: (not case.overall_grade, worst.get(case.overall_grade, 0)),
            "sent": lambda case: _SENT.index(case.sent),
        }
        listed = list(cases)
        if self.name == "reference":
            return listed[::-1] if self.falling else listed
        return sorted(listed, key=keys[self.name], reverse=self.falling)  # type: ignore[arg-type]


def text_of(case: CaseLine) -> str:
    """Return the words of a case's line, in which what is typed is looked for."""
    words = (case.reference, case.force_ref, *case.type_labels, case.auditor, case.overall_grade)
    return " ".join(words).casefold()


def initials(names: Iterable[str]) -> dict[str, str]:
    """Return for each name what stands for it in a narrow column: its initials.

    Names with the same initials are told apart by the first letters of their first word.
    """
    short: dict[str, str] = {}
    known = sorted(set(filter(None, names)))
    of = {name: "".join(word[0] for word in name.split())[:3].upper() for name in known}
    for name in known:
        twice = sum(other == of[name] for other in of.values()) > 1
        short[name] = name.split()[0][:3] if twice else of[name]
    return short
