"""What stands in the panels of the help: keys by task, the frame's lines, signs, the first day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit import methodology
from fieldkit.methodology.terms import Grade
from screens.kit.commands import Command, registry
from screens.kit.drawing.chips import NOT_APPLICABLE, NOT_JUDGED, UNABLE, Grades, late
from screens.kit.drawing.keys import key
from screens.kit.drawing.rows import cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign

KEY = 8
"""Columns of the keys before what they do; a longer key moves its words to the right."""
ANYWHERE = "global"
BEFORE_UNLOCKING = frozenset({"help", "palette", "leave"})
"""What works everywhere also before the vault is open."""
DIGITS = {
    "case": "grade by the scale, go on",
    "assessments": "grade by the scale, go on",
    "follow_up": "the force's grade now",
    "entry": "a criterion, on or off",
}
"""What the digits do on a page whose list takes them."""
FOUND = 40
"""Keys that a search in the help lists."""
FIRST_DAY = (
    "c, then enter: open a case",
    "read, press 1, 2 or 3",
    "enter: write why; esc",
    "]: the next case",
    "f2: anything you notice",
)
PRACTICE = "“fieldkit demo” has a practice inspection that cannot be spoiled."


def keys_of(page: str, width: int, dialog: Sequence[tuple[str, str]] = ()) -> Content:
    """Return the keys of a page by task; those of the dialog above it first.

    Args:
        page: its name in the registry.
        width: columns there are.
        dialog: the keys of a dialog that stands over it, and what each does.
    """
    rows: list[Content] = []
    if dialog:
        rows += [strong("In this box"), *(_row(*one, width) for one in dialog), Content("")]
    for number, (group, commands) in enumerate(_groups(page)):
        rows += [strong(group)] if group else []
        if page in DIGITS and not number:
            rows += _wrapped_row("1 … 9", DIGITS[page], width)
        rows += [part for one in commands for part in _key_row(one, width)]
        rows.append(Content(""))
    return lines(rows[:-1])


def _groups(page: str) -> list[tuple[str, list[Command]]]:
    """Return the commands of a page by task, in the order of the file; what has none last."""
    groups: dict[str, list[Command]] = {}
    for one in registry()[page].commands:
        groups.setdefault(one.group, []).append(one)
    rest = groups.pop("", [])
    if not groups:
        return [("", rest)]
    return [*groups.items(), *([("Besides", rest)] if rest else [])]


def _key_row(command: Command, width: int) -> list[Content]:
    name = command.key_word
    return _wrapped_row(name, command.words, width)


def _wrapped_row(name: str, words: str, width: int) -> list[Content]:
    chip = key(name)
    indent = max(KEY, chip.cell_length + 1)
    first, *more = wrapped(words, max(width - indent, 8)) or [Content("")]
    return [
        Content.assemble(fit(chip, indent - 1), " ", first),
        *(one.pad_left(indent) for one in more),
    ]


def _row(name: str, words: str, width: int) -> Content:
    chip = key(name)
    indent = max(KEY, chip.cell_length + 1)
    return Content.assemble(fit(chip, indent - 1), " ", cut(words, max(width - indent, 1)))


def found(typed: str, width: int) -> Content:
    """Return the keys of all pages that hold the words typed, with the page of each."""
    words = typed.casefold().split()
    rows: list[Content] = []
    for page in registry().values():
        fits = [
            one
            for one in page.commands
            if all(word in f"{page.title} {one.label} {one.help}".casefold() for word in words)
        ]
        if fits and len(rows) < FOUND:
            rows.append(strong(page.title))
            rows += [part for one in fits for part in _wrapped_row(one.key_word, one.help, width)]
    return lines(rows) if rows else muted("No key has that.")


def everywhere(width: int, *, opened: bool = True) -> Content:
    """Return the keys that work everywhere; before the vault is opened, those that do then."""
    return lines(
        [
            _row(one.key_word, one.words, width)
            for one in registry()[ANYWHERE].commands
            if one.key and (opened or one.action in BEFORE_UNLOCKING)
        ]
    )


def frame(width: int) -> Content:
    """Return what stands in the first and the last line."""
    rows: list[Content] = []
    told = (
        (sign("soon", "067 told 3 h 12"), "a case is referred; how long the force has known"),
        (sign("two answers", "2"), "have two answers, for a person to decide"),
        (sign("exported", "14 unsent"), "records that have not left this laptop"),
        (sign("done", "saved 14:32"), "all that was typed is kept to here"),
    )
    for shown, words in told:
        if shown.cell_length + 2 + len(words) <= width:
            rows.append(Content.assemble(shown, "  ", muted(words)))
        else:
            rows += [shown, *(muted(one) for one in wrapped(words, width, indent=2))]
    return lines(rows)


def first_day(width: int) -> Content:
    """Return the first day in five steps."""
    rows = [
        cut(Content.assemble((f"{number} ", "$text-muted"), text), width)
        for number, text in enumerate(FIRST_DAY, 1)
    ]
    return lines(rows, "", [muted(one) for one in wrapped(PRACTICE, width)])


def grades(width: int) -> Content:
    """Return every grade there is, and the states that are none."""
    latest = methodology.load(methodology.versions()[-1])
    rows: dict[str, Content] = {}
    for subject in ("force", "case"):
        scale = latest.scale_for("force" if subject == "force" else "case")
        draw = Grades(scale)
        rows |= {
            one.label: _scale_row(draw, one, width) for one in scale.grades if one.label not in rows
        }
    draw = Grades(latest.scale_for("case"))
    return lines(
        list(rows.values()),
        [cut(Content.assemble(draw.chip(name), " ", words), width) for name, words in STATES],
        [muted(one) for one in wrapped("states are never counted as grades", width)],
    )


def _scale_row(draw: Grades, grade: Grade, width: int) -> Content:
    return cut(Content.assemble(draw.chip(grade.label), " ", grade.label), width)


STATES = (
    (NOT_JUDGED, "not judged yet"),
    (NOT_APPLICABLE, "not applicable"),
    (UNABLE, "unable to judge, with a reason"),
)
SHORT_STATES = ((NOT_JUDGED, "not yet"), (NOT_APPLICABLE, "n/a"), (UNABLE, "unable"))
NOTES = (
    ("strength", "strength"),
    ("concern", "concern"),
    ("context", "context"),
    ("notable practice", "notable practice"),
    ("to clarify", "to clarify"),
    ("contradicts", "contradicts"),
)
BASIS = (("thin", "thin"), ("adequate", "adequate"), ("strong", "strong"))
CLOCKS = (("in time", "0 h 40", "in time"), ("soon", "3 h 12", "soon"))
WHERE = (
    ("here only", "here only"),
    ("exported", "exported, no receipt yet"),
    ("central has it", "central has it"),
    ("two answers", "two answers, both kept"),
    ("text", "text is written"),
    ("no text", "a grade without text"),
)


def notes(width: int) -> Content:
    """Return the signs of notes and points."""
    cells = [Content.assemble(sign(name), " ", words) for name, words in NOTES]
    half = width // 2
    rows = [
        Content("").join(fit(one, half) for one in cells[at : at + 2])
        for at in range(0, len(cells), 2)
    ]
    rows.append(Content("  ").join(sign(name, words) for name, words in BASIS))
    return lines([cut(one.rstrip(), width) for one in rows])


def clocks(width: int) -> Content:
    """Return the signs of clocks."""
    rows = [Content.assemble(fit(sign(name, time), 11), words) for name, time, words in CLOCKS]
    rows.append(Content.assemble(fit(late("26 h"), 11), "late"))
    return lines([cut(one, width) for one in rows])


def where(width: int) -> Content:
    """Return the signs of where a record is."""
    return lines([cut(Content.assemble(sign(name), " ", words), width) for name, words in WHERE])


def all_signs(width: int) -> Content:
    """Return every sign, as many beside each other as have room: for where one panel holds all."""
    latest = methodology.load(methodology.versions()[-1])
    force, case = (Grades(latest.scale_for(subject)) for subject in ("force", "case"))
    graded = {one.label: (force, one) for one in latest.scale_for("force").grades}
    graded |= {one.label: (case, one) for one in latest.scale_for("case").grades}
    parts = (
        [_chip(draw, one.label, one.short or one.label) for draw, one in graded.values()],
        [_chip(case, name, words) for name, words in SHORT_STATES],
        [Content.assemble(sign(name), " ", words) for name, words in NOTES],
        [sign(name, words) for name, words in BASIS],
        [Content.assemble(sign(name), " ", words) for name, _, words in CLOCKS],
        [Content.assemble(late(""), " late")],
        [Content.assemble(sign(name), " ", words) for name, words in WHERE],
    )
    return lines([row for cells in parts for row in _beside(cells, width)])


def _chip(draw: Grades, name: str, words: str) -> Content:
    return Content.assemble(draw.chip(name), " ", words)


def _beside(cells: Iterable[Content], width: int) -> list[Content]:
    """Return cells in lines, as many on each as have room."""
    rows: list[Content] = []
    for cell in cells:
        if rows and rows[-1].cell_length + 2 + cell.cell_length <= width:
            rows[-1] = Content.assemble(rows[-1], "  ", cell)
        else:
            rows.append(cut(cell, width))
    return rows
