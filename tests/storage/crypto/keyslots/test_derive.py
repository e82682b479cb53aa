"""Derivation costs, and the key file's format against the bare primitives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.crypto.keyslots.kdf import (
    DEFAULT,
    FLOOR,
    Argon2Params,
    calibrate,
    database_key,
    stretch,
)
from storage.crypto.keyslots.keyfile import KeyFile
from tests.storage.crypto.keyslots.conftest import PASSPHRASE, Made


@pytest.mark.parametrize("per_gib_pass", [0.01, 0.1, 0.5, 0.66, 1.0, 1.3, 2.0, 5.0, 50.0])
def test_calibration_spends_about_a_second_and_never_less_than_the_floor(
    per_gib_pass: float,
) -> None:
    def spent(params: Argon2Params) -> float:
        return per_gib_pass * params.t * params.m_kib / 1024 / 1024

    params = calibrate(measure=spent)
    assert params.within_bounds()
    assert params.m_kib >= FLOOR.m_kib
    assert params.t >= FLOOR.t
    assert params.m_kib == DEFAULT.m_kib or params.t == FLOOR.t
    if params.t < 10 and params != FLOOR:
        assert 0.6 <= spent(params) <= 1.05


def test_calibration_with_a_clock_that_stands_still() -> None:
    assert calibrate(measure=lambda _: 0.0).within_bounds()


def test_real_calibration_is_within_bounds() -> None:
    params = calibrate(0.2)
    assert params.within_bounds()
    assert params.m_kib >= FLOOR.m_kib


def test_costs_out_of_bounds_are_not_derived() -> None:
    with pytest.raises(ValueError, match="bounds"):
        stretch("x", bytes(16), Argon2Params(1024, 1, 1))


def hkdf(key: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block, written out."""
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_the_file_can_be_opened_with_the_bare_primitives(made: Made) -> None:
    """What the format's description says is enough to open a vault without fieldkit."""
    values = json.loads(made.data)
    slot = next(s for s in values["slots"] if s["type"] == "passphrase")
    kdf = slot["kdf"]
    wrapping = Argon2id(
        salt=base64.b64decode(kdf["salt"]),
        length=32,
        iterations=kdf["t"],
        lanes=kdf["p"],
        memory_cost=kdf["m_kib"],
    ).derive(PASSPHRASE.encode())
    bound = {key: values[key] for key in ("magic", "v", "vault_id")}
    bound |= {key: slot[key] for key in ("id", "type", "kdf")}
    aad = json.dumps(bound, sort_keys=True, separators=(",", ":")).encode()
    nonce, sealed = base64.b64decode(slot["nonce"]), base64.b64decode(slot["ct"])
    vault_key = ChaCha20Poly1305(wrapping).decrypt(nonce, sealed, aad)
    assert vault_key == made.vault_key

    before_mac = made.data[: made.data.rindex(b',"mac"')]
    mac = hmac.new(hkdf(vault_key, b"fieldkit/slots/v1"), before_mac, "sha256").hexdigest()
    assert mac == values["mac"]
    before_sum = made.data[: made.data.rindex(b',"sum"')]
    assert hashlib.sha256(before_sum).hexdigest() == values["sum"]
    assert database_key(made.key()) == hkdf(vault_key, b"fieldkit/db/v1").hex()


GOLDEN = (
    b'{"anchors":{"3f0c/1/main":[12,"ababababababababababababababababababababababababababababa'
    b'bababab"]},"created":"2024-06-11T09:00:00Z","gen":2,"magic":"FIELDKIT-KEYS","min_reader"'
    b':1,"slots":[{"ct":"3B9lKWCFpA452QAFrF1Tu6ENZSffHUN0UnVCP/hKbk6UrYZjHwcblr6dunsSCXmI","id'
    b'":"60e8aa33a9326b2e","kdf":{"alg":"argon2id","m_kib":65536,"p":1,"salt":"fGTUSBfg8P4Bp4y'
    b'y0K/Odw==","t":1},"label":"practice","nonce":"PxF6Vb7FhbimSU9c","type":"passphrase"},{"c'
    b't":"6scNwIydyr8SrxLIgxPGvrQmq/VTpNLED4jCfU5KcIbdhqPbMIDJnDjQrV7vL+oW","id":"b174df90f835'
    b'4d5c","kdf":{"alg":"argon2id","m_kib":65536,"p":4,"salt":"/Nudd09qQoWTwC76qNx84g==","t":'
    b'1},"label":"","nonce":"/I5LvC5w/h3FtLa2","type":"recovery"}],"v":1,"vault_id":"17f968dd-'
    b'7334-4f18-87b8-a8ce37f1a0ca","mac":"b6b727e5e514503272f9fab83de41ba1cad546a6541631a91b23'
    b'2fa4202988ef","sum":"c682d3a12e234e6715b4a5b671e95f5934c0f258e47f005cd0561791d54cd5bd"}\n'
)
GOLDEN_PASSPHRASE = "tŷ tulip onion wafer"
GOLDEN_CODE = "AYN4S-X3CW6-DGYPP-P4H7Z-0JPMR-N03NV-X6GGX"
GOLDEN_KEY = "757ce256b979b4af552a715a6df590af911f584e8e40ba4d180ded5ab35f24bf"


def test_a_key_file_of_format_1_opens_for_ever() -> None:
    file = KeyFile(Path("vault.keys"), GOLDEN)
    assert file.unlock(GOLDEN_PASSPHRASE).hex() == GOLDEN_KEY
    assert file.unlock_recovery(GOLDEN_CODE).hex() == GOLDEN_KEY


AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from storage.crypto.keyslots.kdf import FOR_CODES, stretch

with ThreadPoolExecutor(2) as pool:
    derived = pool.map(lambda _: bytes(stretch("words", b"sixteen bytes ok", FOR_CODES)), range(12))
    print(len(set(derived)))
"""


def test_two_derivations_at_once_do_not_wait_for_each_other_for_ever() -> None:
    """In a process of its own, which can be ended where they do."""
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("1", "")
