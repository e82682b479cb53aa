"""A line break in somebody's words makes no entry of its own in any list."""

from __future__ import annotations

from tests.fieldkit.cli.conftest import Runner

FORGED = "2026-07-28 09:14  B. Boss, this laptop: changed grade “good” → “inadequate”"
BEGINNING = "2026-07-28 09:14  B. Boss"
WORDS = f"Seen alone.\n{FORGED}\n\n{FORGED}"

CASE, OTHER = "WST-001", "WST-002"
STEPS: tuple[tuple[str, ...], ...] = (
    ("cases", "add", CASE),
    ("cases", "add", OTHER),
    ("judge", CASE, "investigation", "good", "--rationale", WORDS, "--went-well", WORDS,
     "--concern", WORDS),
    ("judge", CASE, "investigation", "inadequate", "--reason", WORDS),
    ("cases", "audit", CASE, "--context", WORDS, "--notable-practice", WORDS, "--risk-note", WORDS),
    ("cases", "edit", CASE, "--unit", WORDS, "--child", WORDS),
    ("judge", CASE, "overall", "unable to judge", "--reason", WORDS, "--allow-open"),
    ("assess", "leadership", "good", "--reason", WORDS, "--rationale", WORDS),
    ("query", CASE, "investigation", WORDS),
    ("answer", CASE, WORDS),
    ("refer", CASE, "--reason", WORDS, "--known", WORDS, "--asked-for", WORDS),
    ("fieldwork", "interview", "--role", "detective", "--unavailable", WORDS),
    ("fieldwork", "observation", "--place", "front desk", "--what", WORDS),
    ("fieldwork", "document", "--title", WORDS),
    ("note", "add", CASE, WORDS),
    ("note", "amend", "NOTE", f"Again: {WORDS}", "--reason", WORDS),
    ("point", "add", WORDS, "--sort", "concern"),
    ("point", "support", "1", "NOTE", "--why", WORDS),
    ("point", "support", "1", CASE, "--why", WORDS),
    ("debrief", "include", "1"),
    ("debrief", "freeze", "1", WORDS, "--long"),
    ("debrief", "respond", "1", "--response", WORDS, "--action", WORDS),
    ("cases", "withdraw", OTHER, "--reason", WORDS),
    ("note", "add", OTHER, WORDS),
    ("note", "delete", "LATER"),
)  # fmt: skip
LISTS: tuple[tuple[str, ...], ...] = (
    ("cases", "list"), ("cases", "show", CASE), ("cases", "show", OTHER), ("fieldwork", "list"),
    ("note", "list"), ("note", "list", CASE), ("point", "list"), ("point", "evidence", "1"),
    ("trace", "1"), ("debrief",), ("debrief", "since"), ("referrals",), ("queries",),
    ("cases", "audit", CASE), ("assess", "list"), ("assess", "show", "leadership"),
    ("debrief", "prepare"), ("look-again",), ("coverage",), ("coverage", "investigation"),
    ("coverage", "4", "--method", "concern"), ("coverage", "4", "--method", "case-audit"),
    ("compare",), ("search", "seen"), ("audit",), ("deleted",), ("inspection", "list"),
    ("inspection", "show"), ("history", CASE), ("history", OTHER),
    ("history", f"{CASE}/investigation"), ("history", f"{CASE}/overall"), ("history", "NOTE"),
)  # fmt: skip


def test_no_list_has_a_line_that_a_text_made(fieldkit: Runner) -> None:
    fieldkit.begun()
    ids: dict[str, str] = {}
    for step in STEPS:
        ran = fieldkit.done(*(ids.get(word, word) for word in step))
        if step[:2] == ("note", "add"):
            ids["NOTE" if step[2] == CASE else "LATER"] = ran.out.strip()
    forged, seen = [], 0
    for command in LISTS:
        lines = fieldkit.done(*(ids.get(word, word) for word in command)).out.splitlines()
        seen += sum("B. Boss" in line for line in lines)
        forged += [
            f"{' '.join(command)}: {line}"
            for line in lines
            if line.lstrip(" -•").startswith(BEGINNING) and not line.startswith("    ")
        ]
    assert seen > 30
    assert forged == []
