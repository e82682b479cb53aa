"""What is said of an interview, an observation or a document: the options of “fieldwork”."""

from __future__ import annotations

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.options import DAY, LANGUAGE

ENTRY = "its id, or a part of what it is called"
TODAY = "default: today"

INTERVIEW = ("role", "source_group", "mode", "held_on", "unavailable", "agreed", "language")
OBSERVATION = ("place", "what", "held_on")
DOCUMENT = ("title", "sort", "asked_on", "received_on", "dated")
"""The fields of each kind that a person gives, as their options are named."""


def add_interview_fields(parser: CommandParser, *, new: bool) -> None:
    """Add what is said of an interview or focus group; of a new one, defaults stand for some."""
    parser.text("--role", "the role of who was met, never a name", required=new)
    parser.add_argument(
        "--source-group", metavar="GROUP", help="the group of sources that they belong to"
    )
    default = "face to face" if new else None
    words = "face to face, telephone, video, …" + (f" (default: {default})" if default else "")
    parser.add_argument("--mode", default=default, metavar="MODE", help=words)
    parser.text("--unavailable", "who was not available, by role")
    parser.add_argument(
        "--agreed",
        choices=("", "agreed", "not agreed"),
        help="whether the notes were agreed as accurate; empty takes the answer back",
    )
    parser.add_argument("--language", metavar="TAG", help=LANGUAGE)


def add_observation_fields(parser: CommandParser, *, new: bool) -> None:
    """Add what is said of an observation."""
    parser.text("--place", "where it was", required=new)
    parser.text("--what", "what was seen")


def add_document_fields(parser: CommandParser, *, new: bool) -> None:
    """Add what is said of a document."""
    parser.text("--title", "what the document is called", required=new)
    parser.text("--sort", "policy, minutes, …")
    parser.add_argument("--asked-on", metavar="DATE", help=f"when it was asked for: {DAY}")
    parser.add_argument("--received-on", metavar="DATE", help=f"when it came: {DAY}")
    parser.add_argument("--dated", metavar="DATE", help=f"the date it bears: {DAY}")


def add_held_on(parser: CommandParser, *, new: bool) -> None:
    """Add the day on which something was held or seen."""
    words = f"when: {DAY}" + (f"; {TODAY}" if new else "")
    parser.add_argument("--held-on", metavar="DATE", help=words)
