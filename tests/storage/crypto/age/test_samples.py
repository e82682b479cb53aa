"""Files made once, by us and by others, stay readable."""

from __future__ import annotations

import base64
import tomllib
from pathlib import Path
from typing import Any

import pytest

from storage.crypto import age
from tests.storage.crypto.age.any_file import decrypt_any_bytes
from tests.storage.crypto.age.scrypt import ScryptIdentity

SAMPLES = tomllib.loads(Path(__file__).with_name("samples.toml").read_text(encoding="utf-8"))
PLAIN = SAMPLES["plaintext"].encode()


def identity(name: str) -> age.Identity:
    text = SAMPLES["opens"][name]
    return ScryptIdentity(text) if name == "passphrase" else age.parse_identity(text)


@pytest.mark.parametrize("sample", SAMPLES["sample"], ids=lambda s: s["name"])
def test_sample(sample: dict[str, Any]) -> None:
    file = base64.b64decode(sample["file"])
    opener = identity(sample["opened_by"])
    plain = decrypt_any_bytes(file, [opener], limit=len(PLAIN))
    assert plain == PLAIN

    others = [identity(name) for name in SAMPLES["opens"] if name != sample["opened_by"]]
    with pytest.raises(age.NoMatchError):
        decrypt_any_bytes(file, others, limit=len(PLAIN))

    if sample["opened_by"] == "passphrase" or "armor" in sample["name"]:
        with pytest.raises(age.PolicyError):
            age.decrypt_bytes(file, [opener], limit=len(PLAIN))
    else:
        assert age.decrypt_bytes(file, [opener], limit=len(PLAIN)) == PLAIN
