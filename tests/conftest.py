"""What every test may ask for: real vaults in temporary folders, never the real home."""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.inspections import inspections
from storage.crypto.keyslots import kdf, keyfile, recovery_code, slot
from storage.crypto.keyslots.kdf import Argon2Params
from storage.ops import canonical_json
from storage.vault import store
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault
from tests import windows

PASSPHRASE = "gravel otter tundra window"
CHEAP = Argon2Params(64 * 1024, 1, 1)
"""The least work a vault takes; the tests of the key slots measure the rest."""
PERSON = "A. Inspector"


# No example may take too long: how long it takes depends on the machine.
TIMELESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("test", TIMELESS, derandomize=True)
settings.register_profile("torture", TIMELESS, derandomize=False, print_blob=True)
HEAVY = bool(os.environ.get("FIELDKIT_TORTURE"))
WINDOWS_EVERYWHERE = HEAVY or bool(os.environ.get("FIELDKIT_WINDOWS"))
settings.load_profile("torture" if HEAVY else "test")
TESTS = Path(__file__).resolve().parent


GARBAGE = (20_000, 20, 20)
"""After how much that is new Python looks for garbage; it looks after 700 otherwise."""
gc.set_threshold(*GARBAGE)
SLOW = ("torture", "journeys", "screens", "storage")
"""The folders whose files take long; begun first, so that no long file is begun last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders first; the order within a folder stays."""

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(TESTS).parts[0]
        return SLOW.index(folder) if folder in SLOW else len(SLOW)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """Keep what the tests import out of later collections, which take 0.1 s each otherwise.

    Looking for garbage is a seventh of a page's test; here it is done less often.
    """
    gc.freeze()
    if "textual.pilot" in sys.modules:
        # Not imported above: most tests need no page.
        from tests.pilot import let_pilot_wait

        let_pilot_wait(draw_every_step=HEAVY)
    if "screens.kit.keyboard" in sys.modules:
        # A key is held back until the one before has done what it does, however long that takes.
        vars(sys.modules["screens.kit.keyboard"])["LONGEST"] = 120.0


def pytest_runtest_teardown() -> None:
    """Look for garbage as before: an app that ended with its vault open has put it off."""
    gc.set_threshold(*GARBAGE)


@pytest.fixture(autouse=True)
def no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder that fieldkit uses is a temporary one."""
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(autouse=True)
def windows_rules(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Impose Windows' rules (:mod:`tests.windows`), also where the tests run on another system.

    Its rules for files hold everywhere; those for pipes and missing modules in the tests of the
    store and of the commands, and with ``make torture`` or ``FIELDKIT_WINDOWS=1`` in all.
    A test marked ``posix`` goes without: what it does, no Windows lets a program do.
    """
    if sys.platform == "win32" or request.node.get_closest_marker("posix"):
        yield
        return
    windows.refuse_syncing_what_is_only_read(monkeypatch)
    if (
        WINDOWS_EVERYWHERE
        or request.path.is_relative_to(TESTS / "storage")
        or request.path.is_relative_to(TESTS / "fieldkit" / "cli")
    ):
        windows.take_away_modules(monkeypatch)
        # What is started in a real terminal has none: a console of Windows speaks UTF-8.
        if not request.path.is_relative_to(TESTS / "journeys"):
            windows.give_pipes_a_code_page(monkeypatch)
    windows.impose(True)
    yield
    broken = windows.impose(False)
    assert not broken, f"Windows would have refused: {'; '.join(broken)}"


class Derived:
    """Derives each key once: nothing else takes a test that long.

    What is derived is what Argon2id gives, so that other processes open what is made here. New
    salts, new codes and Argon2id have tests of their own.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[str, bytes, Argon2Params], bytes] = {}
        self._codes: list[str] = []
        self._next_code: int | None = None

    def stretch(self, words: str, salt: bytes, params: Argon2Params) -> bytearray:
        """The key of these words."""
        key = words, salt, params
        if key not in self._keys:
            self._keys[key] = bytes(kdf.stretch(*key))
        return bytearray(self._keys[key])

    def token_bytes(self, count: int) -> bytes:
        """One salt for all slots, so that the same words give the same key; fresh nonces."""
        return b"the salt of all." if count == kdf.SALT_BYTES else secrets.token_bytes(count)

    def token_hex(self, count: int) -> str:
        return secrets.token_hex(count)

    def new_code(self) -> str:
        """In each test the same codes, one after another; a new one in what tests share."""
        if self._next_code is None:
            return recovery_code.new_code()
        if self._next_code == len(self._codes):
            self._codes.append(recovery_code.new_code())
        self._next_code += 1
        return self._codes[self._next_code - 1]

    @contextmanager
    def one_test(self) -> Iterator[None]:
        """Begin with the first code."""
        self._next_code = 0
        yield
        self._next_code = None


@pytest.fixture(scope="session")
def derived() -> Iterator[Derived]:
    made = Derived()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slot, "stretch", made.stretch)
        patch.setattr(slot, "secrets", made)
        patch.setattr(keyfile, "new_code", made.new_code)
        yield made


@pytest.fixture(autouse=True)
def derived_once(derived: Derived) -> Iterator[None]:
    with derived.one_test():
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """The stores of all tests share what was compiled."""
    with compiled_for_all():
        yield


@contextmanager
def compiled_for_all() -> Iterator[None]:
    """The stores of a process share what SQLAlchemy made of statements, as those of one vault do.

    Each store compiles what it is asked, which takes longer than to run it.
    """
    first = create_engine(
        "sqlite://", module=sqlcipher, json_serializer=canonical_json.text, query_cache_size=5000
    )
    first.connect().close()

    def sharing(url: str, **arguments: Any) -> Engine:
        engine = create_engine(url, **arguments)
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "create_engine", sharing)
        yield
    first.dispose()


@pytest.fixture(scope="session")
def vault_made_once(derived: Derived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty, locked vault; making its keys is the slow part, so it is copied."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    vault, _ = create_vault(folder, PASSPHRASE, PERSON, params=CHEAP)
    vault.lock()
    return folder


@pytest.fixture
def vault(vault_made_once: Path, tmp_path: Path) -> Iterator[Vault]:
    """An unlocked vault of its own, locked at the end."""
    shutil.copytree(vault_made_once, tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def inspection(vault: Vault) -> str:
    """The id of an inspection of 2018, in fieldwork."""
    made = vault.write_now(
        inspections.create,
        force="Westshire Constabulary",
        methodology="2018",
        starts="2026-07-06",
        ends="2026-07-17",
    )
    return made.id


@pytest.fixture
def cases(vault: Vault, inspection: str) -> dict[str, str]:
    """Four cases by reference: their ids. The first two were also graded by the force."""

    def add(s: Session) -> dict[str, str]:
        made = [
            add_case(
                s,
                inspection,
                f"WST-{number:03}",
                types=["domestic abuse"] if number % 2 else ["missing"],
                origin="self-assessed" if number <= 2 else "inspectors",
                incident_on=f"2026-02-{number:02}",
                force_ref=f"42/1000{number}/26",
                unit="Northtown",
            )
            for number in range(1, 5)
        ]
        return {one.reference: one.id for one in made}

    return vault.write_now(add)
