"""The parser of the command line: a table of all nouns, and the options before them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.exit import EXITS, VERSION

NOUNS = {
    "vault": ("vault", "the encrypted vault itself"),
    "inspection": (
        "inspections.inspection",
        "inspections: begin, list, show, leave, publish, bring back",
    ),
    "cases": ("casework.cases", "the cases that are audited"),
    "judge": ("casework.judging", "grade a case on a criterion"),
    "assess": ("casework.judging", "judge the force itself on a criterion"),
    "reveal": ("casework.reveal", "show the force's own grade of cases"),
    "fieldwork": ("evidence.fieldwork", "interviews, focus groups, observations and documents"),
    "note": ("evidence.notes", "remarks in a case, an interview, an observation or a document"),
    "point": ("evidence.points", "strengths, concerns and what they rest on"),
    "look-again": ("evidence.points", "what is worth a second look before the force hears it"),
    "coverage": (
        "evidence.coverage",
        "how often each criterion was looked at, and which never was",
    ),
    "names": ("evidence.names", "the list of names that must not leave in any text"),
    "trace": ("evidence.points", "walk a point back to what it rests on"),
    "debrief": ("feedback.debrief", "the daily and the hot debrief"),
    "refer": ("casework.referrals", "refer a case back to the force as high risk"),
    "referrals": ("casework.referrals", "the referrals with their clocks"),
    "query": ("casework.queries", "put a question to the auditor of a judgment"),
    "answer": ("casework.queries", "answer a query on a judgment of yours"),
    "queries": ("casework.queries", "the queries, those for you first"),
    "self-assessment": ("selfassessment.self_assessment", "the force's own grades of its cases"),
    "compare": ("comparison.compare", "the three tables, disparities and agreement"),
    "handover": ("feedback.handover", "what the force is given when the team leaves"),
    "leaflet": (
        "feedback.leaflet",
        "what a force, its staff or its partners are told before the inspection",
    ),
    "recommendations": (
        "followup.recommendations",
        "recommendations with the force's context, and their register over all inspections",
    ),
    "outcomes": (
        "followup.outcomes",
        "the programme's outcomes: what bears on each, then and now; the pulse of focus groups",
    ),
    "force": (
        "followup.force",
        "one force over time: its inspections side by side, and what happened between them",
    ),
    "actionplan": (
        "followup.action_plan",
        "the force's action plan: what it intends per recommendation, and how you found it",
    ),
    "report": (
        "followup.report",
        "the report: an executive summary and nine chapters, which writers may go on with",
    ),
    "followup": (
        "followup.follow_up",
        "a visit, a review or a re-inspection, area by area, and its written feedback",
    ),
    "practice": (
        "followup.practice",
        "notable practice that others may learn from: its sheet, the force's consent, who asked",
    ),
    "calendar": ("followup.calendar", "what is due after publication, what is late, what clashes"),
    "identifiers": (
        "feedback.identifiers",
        "names, dates of birth and numbers in texts that leave: take them out or let them pass",
    ),
    "copies": ("history.copies", "readable files that left, until you say where they went"),
    "search": ("history.search", "find words in everything noted"),
    "history": ("history.search", "who changed what of a record, and why"),
    "deleted": ("history.deleted", "what is deleted, by whom and of whose; bring one back"),
    "drafts": ("history.drafts", "text that was typed and never committed"),
    "redact": ("history.redact", "take words out of a record for good, such as a child's name"),
    "erase": ("history.erase", "take an inspection off this laptop, once central holds all of it"),
    "audit": ("history.audit", "the audit trail: the operations of section 62 of the DPA 2018"),
    "enrol": (
        "exchange.enrol",
        "join a team: make a request for central, or take in the roster that comes back",
    ),
    "export": ("exchange.export", "write an encrypted bundle for central, and record that it left"),
    "merge": ("exchange.merge", "take in bundles made for this laptop"),
    "receipt": ("exchange.export", "take in central's receipt"),
    "receipts": ("exchange.receipts", "which exports central has received, and what is not yet"),
    "bundle": ("exchange.bundle", "look at a bundle without taking it in"),
    "exchange": (
        "exchange.exchange",
        "take in every new file of a folder, then write bundles for the team and central",
    ),
    "conflicts": (
        "history.conflicts",
        "list what two people changed differently before they exchanged, or decide it",
    ),
    "central": ("central", "for central's administrator: keys, roster, ingest, receipts"),
    "settings": ("vault.settings", "what you chose for this computer: looks, lock, backups, keys"),
    "doctor": ("vault.doctor", "check whether this computer is ready, and say what to put right"),
    "demo": ("demo", "a practice inspection in a throw-away vault"),
    "completion": (
        "reference.completion",
        "a script that lets bash, zsh, fish or PowerShell complete commands",
    ),
    "help": ("reference.help", "what a command takes, as in “fieldkit help vault create”"),
}
"""The module of ``fieldkit.cli`` that completes each noun by its function ``define_NOUN``, and the
help of the noun in a line, in the order in which ``fieldkit --help`` lists them."""


def build_parser(nouns: Mapping[str, tuple[str, str]] = NOUNS) -> CommandParser:
    """Return the parser of the program; a noun is completed when it is named."""
    parser = CommandParser(
        prog="fieldkit",
        description="An offline notebook for inspectors of police forces' child protection work. "
        "Without a command it opens in the terminal.",
        epilog="Data goes to stdout, messages to stderr. Ends with "
        + "; ".join(f"{code}: {meaning}" for code, meaning in EXITS.items())
        + ".",
    )
    parser.add_argument(
        "-V", "--version", action="version", version=VERSION, help="print the version and exit"
    )
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument(
        "--passphrase-file",
        metavar="F",
        help="read the passphrase from the first line of this file (- is stdin) and ask nothing",
    )
    parser.add_argument(
        "--inspection",
        metavar="ID",
        help="which inspection: its id or the beginning of it, or its force's name; default: the "
        "only one in fieldwork that you work in",
    )
    parser.set_defaults(run=None, json=False)
    for noun, (module, help) in nouns.items():
        parser.later(noun, f"fieldkit.cli.{module}", help)
    return parser
