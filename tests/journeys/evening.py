"""The evening of the canaries' day: what was sent and confirmed, and what is left where."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from storage import files
from storage.central import Central, Root
from storage.crypto import age
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.export import export
from storage.exchange.receipts import take_receipt
from storage.ops.op import decode
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PERSON
from tests.journeys.canaries import canary, copied, hunt_in
from tests.journeys.canary_day import Day
from tests.journeys.canary_names import NOT_TAKEN, Name

PASSPHRASE = "quartz heron velvet anchor"
NEXT_PASSPHRASE = "saffron lantern pebble drift"


def words(names: set[Name]) -> dict[str, str]:
    """Canaries by their names, as a finding tells them."""
    return {" ".join(one): canary(*one) for one in names}


def tables(session: Session) -> bytes:
    """Every value of every table of an unlocked vault, that of the search among them."""
    connection = session.connection()
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = []
    for (name,) in names.all():
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
            found += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    return b"\n".join(found)


def texts_of_ops(session: Session) -> dict[Name, str]:
    """Everything that ops say of each field of each kind of record, and all their reasons."""
    told: dict[Name, str] = {("reason",): ""}
    for (data,) in session.connection().exec_driver_sql("SELECT bytes FROM op"):
        op = decode(data)
        told[("reason",)] += f"{op.reason}\n"
        for name, value in op.fields.items():
            place = (op.record[0], name)
            told[place] = told.get(place, "") + json.dumps(value, ensure_ascii=False) + "\n"
    return told


@dataclass
class Evening:
    """What is left of the day: a folder with everything in it, and what was read inside.

    Attributes:
        folder: everything the day wrote, the files it imported apart.
        typed: the names of the canaries given away.
        ops: what the ops say, by kind and field.
        laptop: every table of the laptop's vault.
        without: what central holds after a bundle without keys.
        with_key: what it holds after a bundle with them.
        bundles: the decrypted content of the two bundles.
        while_open: what was readable in the folders while vaults were open.
        wal: bytes of the write-ahead log then.
        codes: passphrases, recovery codes and secret keys.
    """

    folder: Path
    typed: set[Name]
    ops: dict[Name, str] = field(default_factory=dict)
    laptop: bytes = b""
    without: bytes = b""
    with_key: bytes = b""
    bundles: tuple[bytes, bytes] = (b"", b"")
    while_open: list[str] = field(default_factory=list)
    wal: int = 0
    codes: dict[str, bytes] = field(default_factory=dict)


def lived(folder: Path, around: Path) -> Evening:
    """Live the day in a folder, with what is imported ``around`` it: export twice, without and
    with keys, let central take both in, and take its receipts back.
    """
    vault, code = create_vault(folder / "vault", PASSPHRASE, PERSON, params=CHEAP)
    day = Day(vault, around / "imported")
    day.live()
    evening = Evening(folder, day.typed)
    evening.ops = vault.read_now(texts_of_ops)
    named = words(day.typed) | words({("not taken", one) for one in NOT_TAKEN})
    root, root_code = Root.create(folder / "root", PASSPHRASE, params=CHEAP)
    central, central_code = Central.create(
        folder / "central", PASSPHRASE, org="Inspectorate", params=CHEAP
    )
    with vault, root, central:
        _enrol(vault, root, central, folder)
        vault.change_passphrase(NEXT_PASSPHRASE)
        held = []
        bundles = []
        for with_key in (False, True):
            stick = folder / f"stick {with_key}"
            stick.mkdir()
            made = export(vault, stick, with_key=with_key)
            assert central.ingest([stick]).count("taken") == 1
            _damaged(made.path, central)
            held.append(central.store.read_now(tables))
            files.write(folder / "receipt", central.receipt(vault.identity.device).encode())
            assert take_receipt(vault, folder / "receipt").new
            with made.path.open("rb") as file:
                whole = age.decrypt(file, [central.identity], limit=2**24)
                bundles.append(b"".join(whole))
        evening.without, evening.with_key = held
        evening.bundles = (bundles[0], bundles[1])
        evening.laptop = vault.read_now(tables)
        opened = copied(folder, around / "while open")
        evening.wal = (opened / "vault" / "vault.db-wal").stat().st_size
        evening.while_open = hunt_in([opened], named)
        facts = vault.facts_now()
        evening.codes = {
            "passphrase": PASSPHRASE.encode(),
            "next passphrase": NEXT_PASSPHRASE.encode(),
            **{
                f"recovery code {number}": one.encode()
                for number, one in enumerate((code, root_code, central_code))
            },
            "vault key": bytes(vault._key),
            "age identity of central": central.identity.encode().encode(),
            **{
                name: value
                for name, value in facts.items()
                if name.startswith(("signing_seed", "age_"))
            },
        }
    return evening


def _enrol(vault: Vault, root: Root, central: Central, folder: Path) -> None:
    enrol_request(vault, folder / "request")
    central.enrol(folder / "request")
    assert central.proposal is not None
    central.take_roster(root.sign(central.proposal))
    files.write(folder / "roster", central.roster()[0].encode())
    take_roster(vault, folder / "roster", True)


def _damaged(path: Path, central: Central) -> None:
    """Let central refuse the bundle with a byte changed, which it keeps in quarantine."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = path.with_name("damaged.fkb.age")
    damaged.write_bytes(data)
    assert central.ingest([damaged]).count("refused") == 1
