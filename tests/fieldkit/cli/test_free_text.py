"""Texts that a person writes come from stdin or a file; what is no text is refused."""

from __future__ import annotations

import io
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.free_text import TextRefusedError, read_texts
from fieldkit.cli.kit.terminal import Terminal
from storage.ops.text import MAX_TEXT_BYTES
from tests.fieldkit.cli.conftest import Runner

STORY = "She hid behind the door.\nHe was not seen alone."


def note_parser() -> CommandParser:
    """A command with a text as argument, and two as options, of which one may be repeated."""
    parser = CommandParser(prog="fieldkit note")
    parser.add_argument("--passphrase-file")
    parser.add_argument("--polarity")
    parser.add_argument("place")
    parser.text("text", "the remark")
    parser.text("--reason", "why", required=True)
    parser.text("--known", "what is known", action="append", default=[])
    parser.set_defaults(run=print)
    return parser


def read(*words: str) -> Namespace:
    args: Namespace = note_parser().parse_args(list(words))
    read_texts(args, Terminal())
    return args


def stdin(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story=1.txt"
    path.write_text(f"{STORY}\n", "utf-8")
    return str(path)


@pytest.mark.parametrize(
    "words",
    [
        ("WST-1", "--file", "{}", "--reason", "r"),
        ("--file", "{}", "WST-1", "--reason", "r"),
        ("--reason", "r", "--file=text={}", "--polarity", "x", "WST-1"),
        ("--file", "text={}", "--reason", "r", "--", "WST-1"),
    ],
)
def test_a_file_stands_for_the_text_wherever_it_is_named(
    words: tuple[str, ...], story: str
) -> None:
    args = read(*(word.format(story) for word in words))
    assert (args.place, args.text, args.reason) == ("WST-1", STORY, "r")
    assert type(args.text) is str


def test_each_option_takes_a_file_by_its_name(story: str) -> None:
    args = read(
        "WST-1", "text", "--file", f"reason={story}", "--file", f"known={story}", "--known", "k"
    )
    assert (args.text, args.reason, args.known) == ("text", STORY, [STORY, "k"])


@pytest.mark.parametrize("words", [("-",), ("--file", "-"), ("--file", "text=-")])
def test_a_dash_stands_for_stdin(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(f"{STORY}\n".encode(), monkeypatch)
    assert read("WST-1", *words, "--reason", "r").text == STORY


def test_an_option_may_come_from_stdin_too(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(b"because", monkeypatch)
    assert read("WST-1", "text", "--reason=-").reason == "because"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfSeen.\r\nNot alone.\r\n", "Seen.\nNot alone."),
        (b"Seen.\rNot alone.\r", "Seen.\nNot alone."),
        (
            "Gwelwyd y plentyn ar ei ben ei hun: nâ, ŵyr.".encode(),
            "Gwelwyd y plentyn ar ei ben ei hun: nâ, ŵyr.",
        ),
        (b"a\r\n" * (MAX_TEXT_BYTES // 2), ("a\n" * (MAX_TEXT_BYTES // 2)).rstrip()),
    ],
    ids=["byte order mark and CRLF", "CR only", "Welsh", "as long as a text may be"],
)
def test_text_is_read_as_it_is_kept(
    data: bytes, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    assert read("WST-1", "--file", str(path), "--reason", "r").text == text
    stdin(data, monkeypatch)
    assert read("WST-1", "-", "--reason", "r").text == text


WRONG = {
    "wrong bytes": (b"caf\xe9", "not UTF-8"),
    "UTF-16": ("Seen.".encode("utf-16"), "not UTF-8"),
    "UTF-16 without a mark": ("Seen.".encode("utf-16-le"), "number 0"),
    "a NUL": (b"Seen.\0", "number 0"),
    "2 MB": (b"Seen. " * 350_000, "longer than the 256 KiB"),
    "2 MB of wide signs": ("ŵ".encode() * 1_000_000, "longer than the 256 KiB"),
    "nothing": (b"", "no text"),
    "line ends alone": (b"\xef\xbb\xbf \r\n\r\n", "no text"),
    "signs that do not show": ("\u200b\u00ad\ufeff".encode(), "no text"),
}


@pytest.mark.parametrize(("data", "said"), WRONG.values(), ids=WRONG)
def test_what_is_no_text_is_refused(
    data: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    for words in (("--file", str(path)), ("-",)):
        stdin(data, monkeypatch)
        with pytest.raises(TextRefusedError, match=said) as refusal:
            read("WST-1", *words, "--reason", "r")
        assert "Nothing was done." in str(refusal.value)


def _pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes with a name here")
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_pipe, "a pipe"),
        (Path.mkdir, "folder|directory|denied"),
        (lambda path: None, "No such file"),
    ],
    ids=["a pipe", "a folder", "nothing"],
)
def test_what_is_no_file_is_refused_without_waiting(
    make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "story"
    make(path)
    with pytest.raises(TextRefusedError, match=said):
        read("WST-1", "--file", str(path), "--reason", "r")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("WST-1", "-", "--reason", "-"), "Only one text"),
        (("WST-1", "-", "--reason", "r", "--known", "-", "--known", "-"), "3 are to"),
        (
            ("--passphrase-file", "-", "WST-1", "-", "--reason", "r"),
            "--passphrase-file and the text",
        ),
        (("--passphrase-file", "-", "WST-1", "t", "--file", "reason=-"), "only one of them can"),
    ],
)
def test_stdin_gives_one_thing(
    words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(b"text", monkeypatch)
    with pytest.raises(TextRefusedError, match=said):
        read(*words)
    assert sys.stdin.read() == "text"


def test_a_passphrase_does_not_become_a_text(story: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TextRefusedError, match="--passphrase-file names"):
        read("--passphrase-file", story, "WST-1", "--file", story, "--reason", "r")
    with Path(story).open(encoding="utf-8") as turned_to:
        monkeypatch.setattr("sys.stdin", turned_to)
        with pytest.raises(TextRefusedError, match="only one of them can"):
            read("--passphrase-file", "-", "WST-1", "--file", story, "--reason", "r")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("WST-1", "text", "--file", "f", "--reason", "r"), "TEXT is given twice"),
        (("WST-1", "--file", "f", "--file", "g", "--reason", "r"), "TEXT is given twice"),
        (("WST-1", "t", "--reason", "r", "--file", "reason=f"), "--reason is given twice"),
        (("WST-1", "t", "--file", "reason=f", "--file", "reason=g"), "--reason is given twice"),
        (("WST-1", "t", "--reason", "r", "--file"), "expected one argument"),
        (("WST-1", "--reason", "r"), "required: TEXT"),
        (("WST-1", "--file", "f"), "required: --reason"),
    ],
)
def test_a_command_that_is_not_meant_so_is_misused(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        read(*words)
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_a_file_without_a_name_is_asked_for_where_there_is_no_main_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parser = CommandParser(prog="fieldkit judge")
    parser.text("--rationale", "why")
    parser.text("--concern", "what")
    with pytest.raises(SystemExit):
        parser.parse_args(["--file", "story.txt"])
    assert "--file NAME=FILE with one of rationale, concern" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("nargs", "words", "text"),
    [
        ("?", ("1", "--long", "--file", "f"), "FILE"),
        ("?", ("--file", "f", "1"), "FILE"),
        ("?", ("1", "--long"), None),
        ("*", ("1", "--long", "--file", "f"), ["FILE"]),
        ("+", ("1", "--file", "f", "--long"), ["FILE"]),
    ],
)
def test_a_file_stands_for_a_text_that_may_be_left_out(
    nargs: str, words: tuple[str, ...], text: object, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = freeze_parser(nargs)
    args = parser.parse_args(list(words))
    assert (args.point, args.wording) == ("1", text)
    with pytest.raises(SystemExit):
        parser.parse_args(["1", "words", "--long", "--file", "f"])
    assert "TEXT is given twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "wording", "reason"),
    [
        (("1", "--reason", "r", "Words."), "Words.", "r"),
        (("1", "--long", "--reason=r", "--", "-x"), "-x", "r"),
        (("--reason", "r", "1", "--long", "- so it is"), "- so it is", "r"),
        (("1", "--reason", "r", "--long", "-5"), "-5", "r"),
        (("1", "--reason", "-"), None, "-"),
        (("1", "--reason", "r"), None, "r"),
    ],
)
def test_words_that_may_be_left_out_stand_behind_options_too(
    words: tuple[str, ...], wording: str | None, reason: str
) -> None:
    args = freeze_parser().parse_args(list(words))
    assert (args.point, args.wording, args.reason) == ("1", wording, reason)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1", "Words.", "--reason"), "--reason: expected one argument"),
        (("1", "--reason", "--long", "Words."), "--reason: expected one argument"),
        (("1", "--other", "Words."), "“--other” is not an option of this command"),
        (("1", "--long", "Words.", "more"), "“more” is more than it takes"),
        (("--long",), "required: point"),
    ],
)
def test_an_option_takes_no_argument_for_its_value(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        freeze_parser().parse_args(list(words))
    assert said in capsys.readouterr().err


def freeze_parser(nargs: str = "?") -> CommandParser:
    """A command with an argument, and a text that may be left out."""
    parser = CommandParser(prog="fieldkit debrief freeze")
    parser.add_argument("point")
    parser.flag("--long", "long")
    parser.text("wording", "the words", nargs=nargs)
    parser.text("--reason", "why")
    return parser


def test_the_help_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        note_parser().parse_args(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "--file [NAME=]FILE read TEXT from this file, so that it stays out of the shell's" in text
    )
    assert (
        "NAME=FILE for another: reason, known; “-” in place of a text reads it from stdin" in text
    )


class Typed(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


def test_a_person_at_a_terminal_is_told_how_to_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Typed(STORY))
    assert read("WST-1", "-", "--reason", "r").text == STORY
    assert "end it with ctrl+" in capsys.readouterr().err


@pytest.mark.parametrize("closed", [None, io.StringIO()], ids=["none", "closed"])
def test_a_closed_stdin_is_refused(
    closed: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if closed is not None:
        closed.close()
    monkeypatch.setattr("sys.stdin", closed)
    with pytest.raises(TextRefusedError, match="closed"):
        read("WST-1", "-", "--reason", "r")


def test_commands_keep_what_a_file_and_stdin_say(
    fieldkit: Runner, story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing")
    fieldkit.done("note", "add", "WST-001", "--file", story, "--polarity", "concern")
    (note,) = fieldkit.done("note", "list", "--json").data
    assert note["text"] == STORY
    stdin(b"Not seen alone.\r\nNot spoken to.", monkeypatch)
    fieldkit.done("judge", "WST-001", "investigation", "RI", "--rationale", "-")
    judged = fieldkit.done("cases", "show", "WST-001", "--json").data["judgments"]["investigation"]
    assert judged["rationale"] == "Not seen alone.\nNot spoken to."
    stdin(b"\xff\xfe", monkeypatch)
    said = fieldkit.refused("note", "amend", note["id"], "-", "--reason", "r")
    assert "stdin is not UTF-8 text. Nothing was done." in said
