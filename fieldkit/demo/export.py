"""The practice day's evening: enrolled with a practice central, exported, taken in, confirmed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlmodel import Session

from fieldkit.demo.practice_vault import PracticeVault, insist
from storage import files
from storage.central import Central, Root
from storage.crypto.fingerprint import fingerprint
from storage.crypto.keyslots.kdf import FLOOR
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.export import export
from storage.exchange.receipts import take_receipt
from storage.feed.replay import differences
from storage.history.delivery import states
from storage.ops.op import KEY
from storage.ops.text import many, size
from storage.records.registry import KINDS

ORGANISATION = "Practice inspectorate"


def enrol(demo: PracticeVault) -> str:
    """Make a root key and a central in folders of their own, and put the laptop on the roster."""
    asked, answered = demo.folder / "request", demo.folder / "roster"
    root, _ = Root.create(demo.folder / "root", demo.passphrase, params=FLOOR)
    with root:
        central, _ = Central.create(
            demo.folder / "central", demo.passphrase, org=ORGANISATION, params=FLOOR
        )
        with central:
            _sign(root, central)
            laptop = enrol_request(demo.vault, asked)
            device = central.enrol(asked)
            insist(
                device.fingerprint == laptop,
                "central read another fingerprint than the laptop's",
            )
            _sign(root, central)
            signed, roster = central.roster()
            files.write(answered, signed.encode())
        same = fingerprint(roster.root) == root.fingerprint
    joined = take_roster(demo.vault, answered, same)
    return (
        f"{roster.org}: root key, central with {roster.central.kind} keys, roster version "
        f"{joined.roster.version} with {many(len(roster.devices), 'laptop')}; fingerprints compared"
    )


def _sign(root: Root, central: Central) -> None:
    waiting = central.proposal
    insist(waiting is not None, "central proposed no roster")
    if waiting is not None:
        central.take_roster(root.sign(waiting))


def stick(demo: PracticeVault) -> Path:
    """Return the folder that stands for the stick on which bundles travel."""
    folder = demo.folder / "stick"
    folder.mkdir(exist_ok=True)
    return folder


def export_bundle(demo: PracticeVault) -> str:
    """Write tonight's bundle."""
    bundle = export(demo.vault, stick(demo))
    on_disk = bundle.path.stat().st_size
    insist(on_disk == bundle.size, f"the bundle has {on_disk} bytes and not {bundle.size}")
    begins = bundle.path.read_bytes()[: len(b"age-encryption.org/v1")]
    insist(begins == b"age-encryption.org/v1", "the bundle is not an age file")
    keys = "keys and force references in it" if bundle.with_key else "keys and force references not"
    return (
        f"{bundle.ops} ops for {bundle.recipient}, {size(bundle.size)}, encrypted with age; "
        f"{keys}; records now {_standing(demo)}"
    )


def ingest(demo: PracticeVault) -> str:
    """Let central take the bundle in: once, again, and with one byte changed."""
    (bundle,) = stick(demo).iterdir()
    damaged = demo.folder / f"damaged{bundle.suffix}"
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    with Central.open(demo.folder / "central", demo.passphrase) as central:
        refused = central.ingest([damaged]).files[0]
        insist(refused.outcome == "refused", f"a damaged bundle was {refused.outcome}")
        insist(central.report().ops == 0, "a damaged bundle left something behind")
        first = central.ingest([bundle]).files[0]
        insist(first.outcome == "taken", f"the bundle was {first.outcome}: {first.reason}")
        again = central.ingest([bundle]).files[0]
        insist(again.outcome == "known" and not again.ops, "the same bundle changed something")
        wrong = central.store.read_now(lambda s: differences(s.connection()))
        insist(not wrong, f"central's tables are not what its ops add up to: {wrong[:1]}")
        report = central.report()
    return (
        f"with one byte changed it was refused ({refused.word}); whole, {first.ops} ops and "
        f"{first.records} records taken in; a second time nothing changed; central holds "
        f"{report.ops} ops, its tables equal to a replay"
    )


def receive_receipt(demo: PracticeVault) -> str:
    """Take central's receipt back."""
    path = demo.folder / "receipt"
    with Central.open(demo.folder / "central", demo.passphrase) as central:
        files.write(path, central.receipt(demo.vault.identity.device).encode())
    summary = take_receipt(demo.vault, path)
    insist(summary.new, "the receipt said nothing new")
    insist(not summary.rejected or len(summary.rejected) == 1, "more than one bundle was refused")
    standing = _states(demo)
    stayed = [kind for kind, count in standing.items() for state in count if state != "received"]
    insist(
        all(KINDS[kind].FEED == KEY for kind in stayed),
        f"central has not received every {', '.join(stayed)}",
    )
    covered = sum(summary.covers.values())
    return f"central's signed receipt covers {covered} ops; records now {_standing(demo)}"


def _states(demo: PracticeVault) -> dict[str, Counter[str]]:
    """Return how far the records of each kind have come."""

    def read(s: Session) -> dict[str, Counter[str]]:
        return {kind: Counter(states(s.connection(), kind).values()) for kind in KINDS}

    return demo.vault.read_now(read)


def _standing(demo: PracticeVault) -> str:
    """Return how many records have come how far; those of the key feed stay, and are told apart."""
    counts: Counter[str] = Counter()
    for kind, count in _states(demo).items():
        for state, number in count.items():
            stays = KINDS[kind].FEED == KEY and state == "local"
            counts["keys kept here" if stays else state] += number
    return ", ".join(f"{number} {state}" for state, number in sorted(counts.items()))


def verify(demo: PracticeVault) -> str:
    """Lock, unlock, and hold what is here and at central against each other."""
    demo.reopen()
    checkup = demo.proved()
    with Central.open(demo.folder / "central", demo.passphrase) as central:
        (theirs,) = central.report().inspections
    known = {kind: count.total() for kind, count in _states(demo).items()}
    # What tells of sending follows by itself: the export's own record is made after it.
    ours = {
        kind: known[kind]
        for kind in theirs.counts
        if KINDS[kind].FEED != KEY and KINDS[kind].COUNTED
    }
    insist(
        all(theirs.counts[kind] == count for kind, count in ours.items()),
        "central holds other records than this laptop",
    )
    return (
        f"locked and unlocked; pages, chain and tables of {checkup.ops} ops sound; central holds "
        f"the same {sum(ours.values())} records of the inspection"
    )
