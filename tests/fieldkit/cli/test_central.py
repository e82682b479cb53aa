"""``fieldkit central`` beyond the first day: planning, rotation, a year's end, a wrong word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest

from fieldkit.cli.central import open_central, report
from fieldkit.cli.kit import terminal
from fieldkit.evidence.points import add_point, edit_point
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.followup.recommendations import recommend
from storage.central import Central
from storage.crypto.age import generate_identity
from storage.database.errors import AlreadyOpenError
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, signed_roster
from storage.exchange.export import export
from storage.ops import canonical_json
from storage.records import Note
from storage.trust.identity import Identity, new_facts
from storage.trust.roster import PlannedInspection
from storage.vault.unlock import create_vault, open_vault
from tests.fieldkit.cli.test_export import Terminal
from tests.storage.travelling import CHEAP, INSPECTION, PASSPHRASE, make_team, work


@pytest.fixture(scope="module")
def organised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_team(tmp_path_factory.mktemp("organised") / "team", laptops=("ada",)).folder


@pytest.fixture
def office(organised: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    import shutil

    shutil.copytree(organised, tmp_path, dirs_exist_ok=True)
    made = Terminal(tmp_path, capsys)
    made.passphrase.write_text(f"{PASSPHRASE}\n")
    return made


ENDED = (
    "This laptop's time on the roster has ended, from its entry 5 on. What is written from there "
    "on is safe here and counts for nobody else; speak to central's administrator."
)


def root(office: Terminal) -> tuple[str, Path]:
    return ("--root", office.folder / "root")


def test_an_inspection_is_planned_and_the_roster_renewed(office: Terminal) -> None:
    code, said = office.central(*root(office), "plan", "--force", "Westshire", as_json=True)
    planned = json.loads(said)
    assert code == 0
    assert len(planned["id"]) == 36
    code, said = office.central(*root(office), "roster", "--renew", as_json=True)
    roster = json.loads(said)
    assert roster["inspections"] == [planned]
    assert roster["version"] == 4


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, "The tables are of version 0004, made now."),
        ("0003", "The tables are of version 0004; before they were of version 0003."),
        ("0004", "The tables are of version 0004."),
    ],
)
def test_an_upgrade_says_which_tables_were_there(
    office: Terminal, monkeypatch: pytest.MonkeyPatch, before: str | None, said: str
) -> None:
    # Tried on a server by tests/storage/central/test_location.py; here only what is said of it.
    monkeypatch.setattr(Central, "upgrade", lambda *_, **__: (before, "0004"))
    store = (
        "central",
        "--store",
        "postgresql://f@localhost/f",
        "--keys",
        office.folder / "central",
    )
    assert office(*store, "upgrade") == (0, f"{said}\n")
    assert json.loads(office(*store, "upgrade", as_json=True)[1]) == {
        "before": before,
        "version": "0004",
    }


def test_keys_are_rotated_and_destroyed(office: Terminal) -> None:
    first = json.loads(office.central("identity", as_json=True)[1])
    assert first["before"] == []
    code, said = office.central(*root(office), "rotate", as_json=True)
    assert (code, json.loads(said)["keys"]) == (0, 2)
    (office.folder / "stick").mkdir()
    assert office.central("identity", "--to", office.folder / "stick" / "identity")[0] == 0
    written = (office.folder / "stick" / "identity").read_text()
    assert written.count("AGE-SECRET-KEY-PQ-1") == 2
    assert first["identity"] in written
    with pytest.raises(FieldkitError, match="No key was destroyed"):
        office.central("rotate", "--forget")
    code, said = office.central("rotate", "--forget", "--yes", as_json=True)
    day = json.loads(said)["from"]
    assert json.loads(said) == {"destroyed": 0, "keys": 2, "from": day}
    code, said = office.central("rotate", "--forget", "--days", "0", "--yes", as_json=True)
    assert json.loads(said) == {"destroyed": 1, "keys": 1, "from": ""}
    assert first["identity"] not in office.central("identity")[1]


def test_a_roster_near_its_end_warns_and_stops_nobody(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_central, "WARNING_DAYS", 400)
    office.capsys.readouterr()
    (office.folder / "incoming").mkdir()
    args = office.parser.parse_args(
        ["central", "--store", str(office.folder / "central"), "ingest", str(office.folder)]
    )
    args.vault, args.inspection, args.json = None, None, True
    args.passphrase_file = str(office.passphrase)

    from fieldkit.cli.kit.context import Context

    with Context(args) as context:
        assert not args.run(args, context)
    said = office.capsys.readouterr()
    assert "roster --renew" in said.err
    assert json.loads(said.out)["files"] == []


def test_words_that_do_not_fit_the_store(office: Terminal) -> None:
    with pytest.raises(FieldkitError, match="need PostgreSQL"):
        office.central("ingest", office.folder, "--workers", "2")
    with pytest.raises(FieldkitError, match="only a database"):
        office.central("upgrade")
    with pytest.raises(FieldkitError, match="goes with a database"):
        office.central("--keys", office.folder, "report")
    with pytest.raises(FieldkitError, match="No inspection was named"):
        office.central("export", "--for", "x", "--to", office.folder)


def test_a_second_process_waits_and_is_told(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_central, "MAX_LOCK_WAIT", 0.0)
    held = Central.open(office.folder / "central", PASSPHRASE)
    with held, pytest.raises(AlreadyOpenError):
        office.central("report")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        held.lock()

    monkeypatch.setattr(open_central, "MAX_LOCK_WAIT", 3600.0)
    monkeypatch.setattr("fieldkit.cli.central.open_central.time.sleep", sleep)
    with Central.open(office.folder / "central", PASSPHRASE) as held:
        assert office.central("report")[0] == 0
    assert len(slept) == 1


def test_an_inspection_is_changed_and_withdrawn(
    office: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        office.central("plan")
    with pytest.raises(FieldkitError, match="is not a day"):
        office.central("plan", "--force", "Westshire", "--starts", "tomorrow")
    office.central("plan", "--force", "Westshire", "--starts", "2026-07-06")
    with pytest.raises(FieldkitError, match="--second"):
        office.central("plan", "--force", "Westshire")
    with pytest.raises(FieldkitError, match="no inspection “Nowhere” on the next roster"):
        office.central("plan", "--id", "Nowhere", "--ends", "2026-07-17")
    code, said = office.central("plan", "--id", "westshire", "--ends", "2026-07-17", as_json=True)
    planned = json.loads(said)
    assert (code, planned["force"], planned["starts"]) == (0, "Westshire", "2026-07-06")
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit):
        office.central("plan", "--withdraw", planned["id"], "--force", "Westshire")
    said = office.central("plan", "--withdraw", planned["id"][:8])[1]
    assert f"{planned['id']} is off the next roster" in said
    assert json.loads(office.central("roster", as_json=True)[1])["inspections"] == []


def test_the_inspections_are_shown_before_the_root_signs(office: Terminal) -> None:
    office.central("--root", office.folder / "nowhere", "plan", "--force", "Westshire")
    office.central(*root(office), "root", "sign")
    assert "Inspection of Westshire, dates not set" in " ".join(office.said)


def test_what_is_missing_is_named_with_the_option_that_names_it(office: Terminal) -> None:
    nowhere = office.folder / "nowhere"
    for command in (["report"], ["ingest", nowhere], ["roster"]):
        with pytest.raises(FieldkitError, match=r"no central in .*--store.*central init"):
            office("central", "--store", nowhere, *command)
    there = ("--store", "postgresql://nobody@localhost/none", "--keys", nowhere)
    for command in (["report"], ["upgrade"]):
        with pytest.raises(FieldkitError, match=r"keys are not in .*--keys"):
            office("central", *there, *command)
    office.central("--root", nowhere, "rotate")
    with pytest.raises(FieldkitError, match=r"no root key in .*--root.*root init"):
        office.central("--root", nowhere, "root", "sign")
    for garbage in (b"garbage", b"[1]", b'{"t":"roster"}'):
        (office.folder / "garbage").write_bytes(garbage)
        with pytest.raises(FieldkitError, match=r"no proposal .*roster --proposal --to FILE"):
            office.central(
                *root(office), "root", "sign", office.folder / "garbage", "--to", nowhere
            )


def test_a_roster_taken_or_renewed_is_told_in_a_sentence(office: Terminal) -> None:
    _, said = office.central("--root", office.folder / "nowhere", "roster", "--renew")
    told = r"Version 3 of the roster is proposed, valid until \d+ \w+ 20\d\d\."
    assert re.match(told, said)
    assert said.count("\n") == 1
    office.central("roster", "--proposal", "--to", office.folder / "proposal")
    there = ("root", "sign", office.folder / "proposal", "--to", office.folder / "signed")
    office.central(*root(office), *there)
    for known in ("now", "already"):
        _, said = office.central("roster", "--take", office.folder / "signed")
        assert said.startswith("Version 3 of Inspectorate's roster")
        assert said.count("\n") == 1
        assert known in said
    assert office.central("roster")[1].encode() == (office.folder / "signed").read_bytes()


def test_when_keys_could_be_destroyed(office: Terminal) -> None:
    _, said = office.central("rotate", "--forget", "--yes")
    assert "none was replaced" in said
    office.central(*root(office), "rotate")
    _, said = office.central("rotate", "--forget", "--yes")
    assert re.search(r"No key was destroyed: the first may be from \d+ \w+ 20\d\d on", said)
    _, said = office.central("rotate", "--forget", "--days", "0", "--yes")
    assert said == "1 key was destroyed; central opens bundles made for 1 key.\n"


def test_numbers_out_of_bounds_are_refused_in_few_words(
    office: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["ingest", "x", "--workers", "0"], ["init", "--memory", "9999"]):
        with pytest.raises(SystemExit):
            office.central(*words)
        said = capsys.readouterr().err
        assert "is not a number from" in said
        assert "65" not in said


def test_a_revoked_laptop_is_called_by_its_name_and_told(
    office: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    """At central beside its receipt and what was left out; on itself at each way out."""
    stick = office.folder / "stick"
    stick.mkdir()
    with open_vault(office.folder / "ada", PASSPHRASE) as ada:
        ada.write_now(work)
        before = export(ada, stick).path
        device, name = ada.author.device, "Ada, laptop"
    office.central("ingest", before)
    before.unlink()
    office.central(*root(office), "revoke", device, "--yes")
    office.central("roster", "--to", office.folder / "roster")
    with open_vault(office.folder / "ada", PASSPHRASE) as ada:
        ada.write_now(lambda s: s.add(note("afterwards")))
        export(ada, stick, full=True)
    code, said = office.central("ingest", stick)
    assert (code, device in said) == (0, False)
    assert re.search(rf"\d entries of {name} \w+ left out, made after its revocation", said)
    _, said = office.central("receipt", "--to", stick)
    assert "which is revoked: nothing later of it is accepted" in said
    assert json.loads(office.central("receipt", "--to", stick, as_json=True)[1])["receipts"][0][
        "revoked"
    ]
    (office.folder / "ada").rename(office.folder / "vault")
    ways: tuple[list[str | Path], ...] = (
        ["enrol", office.folder / "roster"],
        ["export", "--to", stick],
        ["exchange", stick],
    )
    for words in ways:
        _, said = office(*words, as_json=True)
        assert json.loads(said)["ended"] == ENDED
        office.said.clear()
        office(*words, *(["--full"] if words[0] == "export" else []))
        assert ENDED in office.said


def test_an_inspection_that_cannot_be_does_not_keep_the_roster_out(office: Terminal) -> None:
    wrong = PlannedInspection("i-1", "Westshire", "2026-13-45")
    with Central.open(office.folder / "central", PASSPHRASE) as central:
        # As central itself no longer lets anybody plan it.
        central._propose(replace(central._next(), inspections=(wrong,)))
    office.central(*root(office), "root", "sign", "--to", office.folder / "roster")
    assert "(not right: “2026-13-45” is not a day): i-1" in " ".join(office.said)
    (office.folder / "ada").rename(office.folder / "vault")
    code, said = office("enrol", office.folder / "roster")
    assert code == 1
    assert "Version 3 of Inspectorate's roster is in use now." in said
    assert "its inspections were not joined" in " ".join(office.said)
    with open_vault(office.folder / "vault", PASSPHRASE) as ada:
        assert signed_roster(ada)[1].version == 3


def note(words: str) -> Note:
    return Note.make(inspection_id=INSPECTION, parent_kind="case", parent_id="c", text=words)


def test_the_report_says_what_in_words(office: Terminal) -> None:
    stick = office.folder / "stick"
    stick.mkdir()
    with open_vault(office.folder / "ada", PASSPHRASE) as ada:
        ada.write_now(work)
        ada.write_now(work, reference="WST-002")
        export(ada, stick)
    office.central("ingest", stick)
    vault, _ = create_vault(office.folder / "vault", PASSPHRASE, "Ben", params=CHEAP)
    with vault:
        words = enrol_request(vault, office.folder / "request", "Ben's laptop")
    office.central(*root(office), "enrol", office.folder / "request", "--fingerprint", words)
    args = ("export", "--for", "Ben's laptop", "--to", stick)
    office.wanted = "Westshire"
    office.central(*args)
    office.wanted = None
    _, said = office.central("report")
    assert "2 cases, 2 judgments" in said
    assert re.search(r"Handed out: \d+ entries of Westshire to Ben, Ben's laptop, 20", said)
    office.wanted = "Nowhere"
    with pytest.raises(FieldkitError, match="There is no inspection “Nowhere” at central"):
        office.central("report")


def test_the_report_carries_wordings_as_text_data_and_document(office: Terminal) -> None:
    stick = office.folder / "stick"
    stick.mkdir()
    with open_vault(office.folder / "ada", PASSPHRASE) as ada:
        ada.write_now(work)
        point = ada.write_now(add_point, INSPECTION, "Each officer has a mentor.", "good practice")
        ada.write_now(recommend, INSPECTION, "Train the rest.", [point.id], outcomes=["training"])
        told = ada.write_now(add_point, INSPECTION, "Logs wait.", "concern", "investigation")
        debrief = ada.write_now(open_debrief, INSPECTION, "daily", "2026-07-06")
        listed = ada.write_now(include_point, debrief.id, told.id)
        ada.write_now(freeze_wording, listed.id, "Some logs waited for a night.")
        ada.write_now(edit_point, told.id, wording="Logs wait for weeks.")
        export(ada, stick)
    office.central("ingest", stick)
    _, said = office.central("report")
    for words in (
        "− Investigation: Some logs waited for a night.",
        "★ Each officer has a mentor.",
        "draft 1. Train the rest. (within six months once published; awaiting review)",
        "Staff get more and better training: 1 recommendation, 1 open",
        "1 case, 1 judgment",
    ):
        assert words in " ".join(said.split()), words
    assert "Logs wait for weeks." not in said
    _, data = office.central("report", "--of", "Westshire Police", as_json=True)
    answer = json.loads(data)
    (one,) = answer["inspections"]
    assert [each["wording"] for each in one["wordings"]["practice"]] == [
        "Each officer has a mentor."
    ]
    assert answer["across"]["recommendations"] == {
        "open": 0, "complete": 0, "ended": 0, "draft": 1
    }  # fmt: skip
    path = office.folder / "wordings.docx"
    office.central("report", "--to", path)
    texts = [each.text for each in docx.Document(str(path)).paragraphs]
    assert "− Investigation: Some logs waited for a night." in texts
    with pytest.raises(FieldkitError, match="never written over"):
        office.central("report", "--to", path)
    with pytest.raises(FieldkitError, match="No single force"):
        office.central("report", "--of", "Nowhere")


def test_tables_of_many_inspections_are_told_when_asked_for(
    office: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "TABLES_UP_TO", 0)
    stick = office.folder / "stick"
    stick.mkdir()
    with open_vault(office.folder / "ada", PASSPHRASE) as ada:
        ada.write_now(work)
        export(ada, stick)
    office.central("ingest", stick)
    _, said = office.central("report")
    assert "Nothing is agreed, recommended or noted as practice yet." in said
    assert "1 judgment" not in said
    assert "--tables" in " ".join(office.said)
    assert "1 judgment" in office.central("report", "--tables")[1]


def proposal_of(office: Terminal, change: Callable[[dict[str, Any]], None]) -> Path:
    """What central proposes, changed by whoever carries it to the root key."""
    office.central("plan", "--force", "Westshire")
    path = office.folder / "proposal"
    assert office.central("roster", "--proposal", "--to", path)[0] == 0
    value = json.loads(path.read_bytes())
    change(value)
    path.write_bytes(canonical_json.dumps(value) + b"\n")
    return path


def test_root_sign_shows_what_changed_since_it_signed_last(office: Terminal) -> None:
    theirs = generate_identity(post_quantum=True).recipient().encode()

    def change(value: dict[str, Any]) -> None:
        value["grace_days"] = 0
        value["central"]["recipients"].append(theirs)

    sign = ("root", "sign", proposal_of(office, change), "--to", office.folder / "signed")
    code, said = office.central(*root(office), *sign, as_json=True)
    assert code == 0
    told = [(one["grave"], one["text"]) for one in json.loads(said)["changes"]]
    assert [grave for grave, _ in told] == [True, True, False]
    assert "Central's keys change" in told[0][1]
    assert "earliest erasure: 0, before 30" in told[1][1]
    assert "Westshire" in told[2][1]
    assert sum("ATTENTION: " in line for line in office.said) == 2


def test_root_sign_refuses_keys_that_a_laptop_did_not_sign(office: Terminal) -> None:
    eve = Identity(new_facts("e", "Eve"))

    def change(value: dict[str, Any]) -> None:
        value["devices"][0]["recipients"] = eve.recipients

    sign = ("root", "sign", proposal_of(office, change), "--to", office.folder / "signed")
    with pytest.raises(FieldkitError, match="did not sign"):
        office.central(*root(office), *sign)
    assert not (office.folder / "signed").exists()


def test_root_sign_asks_on_a_terminal(office: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    office.central("plan", "--force", "Westshire")
    monkeypatch.setattr(terminal.Terminal, "at_terminal", True)
    monkeypatch.setattr(terminal.Terminal, "ask", lambda *_: "n")
    with pytest.raises(FieldkitError, match="was not signed, and nothing was changed"):
        office.central(*root(office), "root", "sign")
    monkeypatch.setattr(terminal.Terminal, "ask", lambda *_: "y")
    assert office.central(*root(office), "root", "sign")[0] == 0


def test_a_password_in_a_databases_address_is_told(office: Terminal) -> None:
    words = ["central", "--store", "postgresql://f:secret@localhost:1/f", "--keys"]
    with pytest.raises(FieldkitError):
        office(*words, office.folder / "keys", "init", "--memory", "64")
    told = office.capsys.readouterr().err
    assert "password stands in its address" in told
    assert "secret" not in told


def test_a_follow_up_is_planned_and_corrected_with_a_reason(office: Terminal) -> None:
    def plan(*more: str) -> dict[str, str]:
        code, said = office.central(*root(office), "plan", *more, as_json=True)
        assert code == 0, said
        planned: dict[str, str] = json.loads(said)
        return planned

    first = plan("--force", "Westshire", "--starts", "2026-07-06", "--ends", "2026-07-17")
    dates = ("--starts", "2027-01-11", "--ends", "2027-01-14")
    later = plan("--force", "Westshire", "--phase", "review", "--follows", first["id"][:8], *dates)
    assert (later["phase"], later["follows"]) == ("review", first["id"])
    with pytest.raises(FieldkitError, match=r"without a reason.*Nothing was changed"):
        office.central("plan", "--id", later["id"][:8], "--phase", "visit")
    why = ("--reason", "the plan was found broadly positive")
    changed = plan("--id", later["id"][:8], "--phase", "visit", "--marking", "OFFICIAL", *why)
    assert (changed["phase"], changed["follows"], changed["marking"]) == (
        "visit", first["id"], "OFFICIAL"
    )  # fmt: skip
    assert changed["reason"] == "the plan was found broadly positive"
    back = plan("--id", later["id"][:8], "--phase", "inspection", "--reason", "it is a new one")
    assert back["phase"] == "inspection" and "follows" not in back
    for wrong, told in (
        (("--phase", "inspection", "--follows", first["id"][:8]), "an inspection follows none"),
        (("--phase", "visit", "--follows", "Nowhere"), "No single inspection is called"),
        (("--phase", "visit", "--follows", later["id"]), "cannot follow itself"),
        (("--reason", "x" * 101, "--phase", "visit"), "longer than 100"),
    ):
        reason = () if "--reason" in wrong else ("--reason", "a slip")
        with pytest.raises(FieldkitError, match=told):
            office.central("plan", "--id", later["id"][:8], *wrong, *reason)
