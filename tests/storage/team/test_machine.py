"""Five laptops and central, in any order: all who met the same ops show the same thing.

The oracle (:mod:`tests.storage.team.model`) watched every write being made. ``FIELDKIT_TORTURE``
makes it 100,000 steps.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from storage.bundle.errors import BundleError
from storage.bundle.write import SUFFIX
from storage.conflicts.find import conflicted_fields
from storage.conflicts.resolve import NoConflictError, conflicted_record, resolve
from storage.errors import FieldkitError
from storage.exchange.enrol import take_roster
from storage.exchange.erase import erasable
from storage.exchange.exchange import write_bundles
from storage.exchange.export import NothingToExportError, export
from storage.exchange.merge import merge
from storage.exchange.receipts import ReceiptAlarmError, take_receipt
from storage.exchange.sent_files import names_written_here
from storage.feed.replay import differences
from storage.ops.op import op_id
from storage.records import CaseKey, Inspection, Judgment, Note
from storage.records.case import case_id, case_key_id
from storage.records.judgment import judgment_id
from storage.records.registry import KINDS
from storage.redaction.redact import NotRedactableError, redact
from storage.vault.backup.make import back_up
from storage.vault.backup.restore import restore
from storage.vault.unlock import open_vault
from tests.storage.team.laptops import KEYS, NAMES, START, WORLD, Laptop, organisation, watch_keys
from tests.storage.team.model import DELETED, GONE, Model, OpKey, Redaction, Write
from tests.storage.travelling import INSPECTION, PASSPHRASE, Team, make_team

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
STEPS = 250 if TORTURE else 25
EXAMPLES = int(os.environ.get("FIELDKIT_MACHINES", "410" if TORTURE else "2"))
TWO_DAYS = 2 * 24 * 3600 * 1000
CASES = [case_id(INSPECTION, f"WST-{number:03}") for number in range(2)]
JUDGMENTS = [("judgment", judgment_id(case, "overall")) for case in CASES]
LAPTOPS = st.integers(0, len(NAMES) - 1)
FIELDS = ("rationale", "went_well", "concern")


def _write(session: Session, record: tuple[str, str], values: dict[str, Any]) -> None:
    """As a screen does it: what is there is changed, what is not is made."""
    kind, identity = record
    if kind == "judgment":
        case = next(one for one in CASES if judgment_id(one, "overall") == identity)
        known: Any = {"inspection_id": INSPECTION, "case_id": case, "criterion": "overall"}
        cls: Any = Judgment
    elif kind == "case_key":
        case = next(one for one in CASES if case_key_id(one) == identity)
        known, cls = {"inspection_id": INSPECTION, "case_id": case}, CaseKey
    else:
        known = {"inspection_id": INSPECTION, "parent_kind": "case", "parent_id": CASES[0]}
        cls = Note
    found = session.get(cls, identity)
    if found is None:
        session.add(cls.make(id=identity, **(known | values)))
    else:
        found.change(**values)


class TeamMachine(RuleBasedStateMachine):
    """What a team may do in its fortnight, and what may befall it."""

    made: Team
    steps: ClassVar[Counter[str]] = Counter()

    @invariant()
    def count(self) -> None:
        self.steps["taken"] += 1

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="team-"))
        self.team = self.made.copy(self.folder / "team")
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        WORLD.off, WORLD.now = 0, START
        self.laptops = [Laptop(name, self.team.folder / name) for name in NAMES]
        self.central, self.root = organisation(self.team)
        self.model = Model()
        self.words = 0
        self.notes = [("note", f"00000000-0000-4000-8000-00000000000{n}") for n in range(3)]
        self.may_be_lost: set[OpKey] = set()

    # --- what people do

    def _known(self, laptop: Laptop) -> frozenset[OpKey]:
        return self._heard(laptop.ops())

    def _heard(self, ops: dict[OpKey, Any]) -> frozenset[OpKey]:
        whole = {key for key, op in ops.items() if op is not None}
        return self.model.heard(whole, ops.keys() - whole)

    def _watch(self, laptop: Laptop, before: frozenset[OpKey], *, all_leaves: bool = False) -> None:
        """Write down what has just been written, and upon what."""
        known = set(before)
        fresh = {key: op for key, op in laptop.ops().items() if key not in before and op}
        for key, op in sorted(fresh.items(), key=lambda one: one[0][3]):
            record = (op["record"][0], op["record"][1])
            if op["op"] == "redact":
                took = {
                    one
                    for one in known
                    if one in self.model.writes
                    and self.model.writes[one].record == record
                    and op["fields"]["field"] in self.model.writes[one].fields
                    and self.model.writes[one].fields[op["fields"]["field"]] not in ("", GONE)
                }
                name = op["fields"]["field"]
                also = frozenset(op_id(one["id"]) for one in op["fields"].get("also", []))
                self.model.redactions[key] = Redaction(key, record, name, frozenset(took), also)
                known.add(key)
                continue
            leaves = self.model.leaves(record, known)
            gone = self.model.gone(leaves) if leaves else False
            over = {}
            for name in op["fields"]:
                several = leaves.get(name, [])
                chosen = (
                    several
                    if all_leaves or gone or op["op"] in ("delete", "resolve")
                    else several[:1]
                )
                over[name] = frozenset(one.key for one in chosen)
            saw = frozenset(one.key for several in leaves.values() for one in several)
            self.model.writes[key] = Write(key, record, op["hlc"], op["fields"], over, saw)
            known.add(key)

    def _fresh(self) -> str:
        self.words += 1
        return f"word {self.words}"

    def _entered(self, laptop: Laptop, before: frozenset[OpKey], text: str) -> None:
        for key, op in laptop.ops().items():
            if key not in before and op and text in str(op["fields"]):
                self.model.entered.append((key, text))

    @rule(who=LAPTOPS, which=st.integers(0, 1), name=st.sampled_from(FIELDS))
    def judge(self, who: int, which: int, name: str) -> None:
        self._commit(who, JUDGMENTS[which], name)

    @rule(who=LAPTOPS, which=st.integers(0, 2))
    def note(self, who: int, which: int) -> None:
        self._commit(who, self.notes[which], "text")

    @rule(who=LAPTOPS, which=st.integers(0, 1))
    def label(self, who: int, which: int) -> None:
        self._commit(who, ("case_key", case_key_id(CASES[which])), "force_ref")

    def _commit(self, who: int, record: tuple[str, str], name: str) -> None:
        laptop, text = self.laptops[who], self._fresh()
        before = self._known(laptop)
        with laptop as vault:
            vault.write_now(_write, record, {name: text})
        self._watch(laptop, before)
        self._entered(laptop, before, text)

    @rule(who=LAPTOPS, which=st.integers(0, 4))
    def delete(self, who: int, which: int) -> None:
        laptop = self.laptops[who]
        kind, identity = [*JUDGMENTS, *self.notes][which]
        before = self._known(laptop)

        def gone(session: Session) -> None:
            found = session.get(Judgment if kind == "judgment" else Note, identity)
            if found is not None:
                session.delete(found)

        with laptop as vault:
            vault.write_now(gone)
        self._watch(laptop, before)

    @rule(who=LAPTOPS, which=st.integers(0, 4), name=st.sampled_from(FIELDS))
    def redact(self, who: int, which: int, name: str) -> None:
        laptop = self.laptops[who]
        kind, identity = [*JUDGMENTS, *self.notes][which]
        before = self._known(laptop)
        try:
            with laptop as vault:
                vault.write_now(
                    redact, kind, identity, name if kind == "judgment" else "text", "a name"
                )
        except NotRedactableError:
            return
        self._watch(laptop, before)

    @rule(who=LAPTOPS, which=st.integers(0, 4), first=st.booleans(), combine=st.booleans())
    def decide(self, who: int, which: int, first: bool, combine: bool) -> None:
        laptop = self.laptops[who]
        kind, identity = [*JUDGMENTS, *self.notes][which]
        before, text = self._known(laptop), self._fresh()
        try:
            with laptop as vault:
                found = vault.read_now(conflicted_record, kind, identity)
                values: dict[str, Any] = {}
                for name, several in found.folded.conflicts.items():
                    kept = several[0 if first else -1].fields[name]
                    values[name] = text if combine and name != DELETED else kept
                vault.write_now(resolve, kind, identity, values, "we agreed")
        except NoConflictError:
            return
        self._watch(laptop, before, all_leaves=True)

    # --- what carries it about

    def _merge_all(self, laptop: Laptop, paths: list[Path], *, again: bool = False) -> None:
        """Take in what is new to the laptop; with ``again`` what it has had before, too."""
        with laptop as vault:
            own = vault.read_now(names_written_here)
            for path in paths:
                if path.name in own or (path.name in laptop.had and not again):
                    continue
                try:
                    merge(vault, path)
                except BundleError as error:
                    if error.word == "this laptop was set back":
                        continue
                    assert error.word == "not addressed here", error
                laptop.had.add(path.name)

    def _files(self) -> list[Path]:
        # By age, for their names are random and what is drawn must not depend on chance.
        found = self.stick.glob(f"*{SUFFIX}")
        return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name))

    @rule(who=LAPTOPS)
    def exchange(self, who: int) -> None:
        self._exchange(self.laptops[who])

    def _exchange(self, laptop: Laptop) -> int:
        self._merge_all(laptop, self._files())
        with laptop as vault:
            made, _ = write_bundles(vault, self.stick)
        return len(made)

    @rule(who=LAPTOPS, which=st.lists(st.integers(0, 99), max_size=3))
    def merge_some(self, who: int, which: list[int]) -> None:
        files = self._files()
        if files:
            self._merge_all(
                self.laptops[who], [files[one % len(files)] for one in which], again=True
            )

    @rule(who=LAPTOPS)
    def full(self, who: int) -> None:
        with self.laptops[who] as vault:
            write_bundles(vault, self.stick, full=True)

    @rule(which=st.integers(0, 99))
    def lose(self, which: int) -> None:
        files = self._files()
        if files:
            files[which % len(files)].unlink()

    @rule(who=LAPTOPS, with_key=st.just(False))
    def hand_in(self, who: int, with_key: bool) -> None:
        laptop = self.laptops[who]
        with laptop as vault:
            try:
                path = export(vault, self.stick, with_key=with_key).path
            except NothingToExportError:
                return
        self.central.ingest([path])

    @rule()
    def central_takes(self) -> None:
        self.central.ingest([self.stick])

    @rule(who=LAPTOPS)
    def hear_back(self, who: int) -> None:
        laptop = self.laptops[who]
        path = self.folder / "receipt"
        path.write_bytes(self.central.receipt(laptop.device).encode())
        with laptop as vault:
            try:
                take_receipt(vault, path)
            except ReceiptAlarmError as alarm:
                assert "set back" in str(alarm), alarm

    # --- what befalls them

    @rule(who=LAPTOPS, off=st.integers(-TWO_DAYS, TWO_DAYS))
    def set_clock(self, who: int, off: int) -> None:
        self.laptops[who].off = off

    @rule(minutes=st.integers(1, 300))
    def wait(self, minutes: int) -> None:
        WORLD.now += minutes * 60_000

    @rule(who=LAPTOPS)
    def back_up(self, who: int) -> None:
        laptop = self.laptops[who]
        with laptop as vault:
            laptop.backups.append(back_up(vault, self.folder / "backups").backup.path)

    @rule(who=LAPTOPS, which=st.integers(0, 3))
    def restore(self, who: int, which: int) -> None:
        laptop = self.laptops[who]
        backups = [one for one in laptop.backups if one.exists()]
        if not backups:
            return
        had = self._known(laptop)
        laptop.vault.lock()
        folder = self.folder / f"restored-{self.words}-{WORLD.now}"
        with laptop:
            restore(
                backups[which % len(backups)], folder, lambda keys: bytearray(KEYS[keys.vault_id])
            )
        laptop.folder = folder
        laptop.had.clear()
        with laptop:
            laptop.vault = open_vault(folder, PASSPHRASE)
        elsewhere = frozenset().union(*(self._known(one) for one in self.laptops))
        self.may_be_lost |= had - elsewhere

    @rule(who=LAPTOPS)
    def revoke(self, who: int) -> None:
        laptop = self.laptops[who]
        if any(one.revoked for one in self.laptops):
            return
        self.central.revoke(laptop.device)
        proposal = self.central.proposal
        assert proposal is not None
        signed = self.root.sign(replace(proposal))
        self.central.take_roster(signed)
        (self.stick / "roster").write_bytes(signed.encode())
        laptop.revoked = True

    @rule(who=LAPTOPS)
    def take_roster(self, who: int) -> None:
        if (self.stick / "roster").exists():
            with self.laptops[who] as vault:
                take_roster(vault, self.stick / "roster", fingerprint_confirmed=True)

    @rule(who=LAPTOPS)
    def ask_to_erase(self, who: int) -> None:
        laptop = self.laptops[who]
        with laptop as vault:
            try:
                plan = vault.read_now(erasable, INSPECTION)
            except FieldkitError:
                return
        if plan.ops and not plan.local and not plan.exported:
            query = "SELECT device, epoch, kind, seq FROM op"
            there = set(
                map(
                    tuple,
                    self.central.store.read_now(
                        lambda s: s.connection().exec_driver_sql(query).all()
                    ),
                )
            )
            of_it = [
                key
                for key, op in laptop.ops().items()
                if op and (op["record"][0], op["record"][1]) in plan.records
            ]
            assert of_it
            for key in of_it:
                assert key in there or key[2] == "key", key

    # --- what must be true in the end

    def teardown(self) -> None:
        try:
            if hasattr(self, "laptops"):
                self._converge()
        finally:
            if hasattr(self, "laptops"):
                for one in self.laptops:
                    one.vault.lock()
                self.central.lock()
                self.root.lock()
                shutil.rmtree(self.folder, ignore_errors=True)
        if TORTURE:
            print(f"{self.steps['taken']} steps", flush=True)

    def _converge(self) -> None:
        team = [one for one in self.laptops if not one.revoked]
        for laptop in self.laptops:
            assert laptop.vault.read_now(lambda s: differences(s.connection())) == []
        for path in self._files():
            path.unlink()
        for laptop in team:
            self.take_roster(self.laptops.index(laptop))
            with laptop as vault:
                write_bundles(vault, self.stick, full=True)
        for _ in range(8):
            wrote = [self._exchange(laptop) for laptop in team]
            if not any(wrote):
                break
        else:
            raise AssertionError("exchanges never come to rest")
        ops = [laptop.ops() for laptop in team]
        for one in ops[1:]:
            assert one == ops[0]
        shown = [laptop.vault.read_now(_tables) for laptop in team]
        for tables in shown[1:]:
            assert tables == shown[0]
        for laptop in team:
            assert laptop.vault.read_now(lambda s: differences(s.connection())) == []
        known = self._heard(ops[0])
        found = team[0].vault.read_now(lambda s: conflicted_fields(s.connection()))
        assert found == self.model.conflicts(known)
        assert {
            record: {name: row[name] for name in self.model.rows(known)[record]}
            for record, row in shown[0].items()
            if record[0] in ("judgment", "note", "case_key")
        } == self.model.rows(known)
        self._findable(ops[0], team)
        central = "SELECT count(*) FROM op WHERE kind = 'key'"
        assert (
            self.central.store.read_now(lambda s: s.connection().exec_driver_sql(central).scalar())
            == 0
        )

    def _findable(self, ops: dict[OpKey, Any], team: list[Laptop]) -> None:
        """Every value ever entered is in an op, unless it was redacted or its laptop ended.

        What a laptop lost when it was restored may lie at central only, or with one that was
        revoked since.
        """
        devices = {one.device for one in team}
        kept = dict(ops)
        for one in (one for one in self.laptops if one.revoked):
            kept |= {key: op for key, op in one.ops().items() if kept.get(key) is None}
        query = "SELECT device, epoch, kind, seq, bytes FROM op WHERE bytes IS NOT NULL"
        central = self.central.store.read_now(lambda s: s.connection().exec_driver_sql(query).all())
        for device, epoch, kind, seq, data in central:
            if kept.get((device, epoch, kind, seq)) is None:
                kept[device, epoch, kind, seq] = json.loads(data)
        redacted = {key for each in self.model.redactions.values() for key in each.took}
        for key, text in self.model.entered:
            if key in redacted or key in self.may_be_lost or key[0] not in devices:
                continue
            assert key in kept, (key, text)
            data = kept[key]
            assert data is not None and text in str(data["fields"]), (key, text)


def _tables(session: Session) -> dict[tuple[str, str], dict[str, Any]]:
    """Every record of every kind that counts, as its table has it."""
    found = {}
    for kind in KINDS.values():
        if kind.COUNTED:
            table = SQLModel.metadata.tables[str(kind.__tablename__)]
            for row in session.connection().execute(select(table)).mappings():
                found[kind.KIND, row["id"]] = dict(row)
    return found


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch)
        team = make_team(tmp_path_factory.mktemp("five") / "team", laptops=NAMES, pq=False)
        with Laptop(NAMES[0], team.folder / NAMES[0]).vault as ada:
            ada.write_now(
                lambda s: s.add(
                    Inspection.make(id=INSPECTION, force="Westshire", methodology="2018")
                )
            )
            write_bundles(ada, team.folder)
        for name in NAMES[1:]:
            with Laptop(name, team.folder / name).vault as vault:
                for path in team.folder.glob(f"*{SUFFIX}"):
                    try:
                        merge(vault, path)
                    except BundleError as error:
                        assert error.word == "not addressed here"
        yield team


def test_a_team(five: Team) -> None:
    machine = type("TeamMachine", (TeamMachine,), {"made": five})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            derandomize=not TORTURE,
        ),
    )
    print(f"{TeamMachine.steps['taken']} steps")
