"""Other people's age programs read our files, and we read theirs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from storage.crypto import age
from storage.crypto.age.payload import CHUNK_SIZE
from tests.storage.crypto.age.any_file import decrypt_any_bytes, encrypt_armored

AGE = shutil.which("age")
NODE = shutil.which("node")
JS_FOLDER = os.environ.get("FIELDKIT_AGE_ENCRYPTION_JS", "")
JS_MODULE = Path(JS_FOLDER) / "node_modules" / "age-encryption" / "dist" / "index.js"

SIZES = [0, 1, 4096, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 1]
PLAIN = {size: hashlib.shake_256(b"others").digest(size) for size in SIZES}

needs_age = pytest.mark.skipif(AGE is None, reason="the age program is not on the PATH")
needs_js = pytest.mark.skipif(
    NODE is None or not JS_FOLDER or not JS_MODULE.is_file(),
    reason="node and FIELDKIT_AGE_ENCRYPTION_JS, a folder whose node_modules has age-encryption, "
    "are not both there",
)

SCRIPT = """
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const [module, task, key, source, target] = process.argv.slice(2);
const age = await import(pathToFileURL(module).href);
if (task === "recipient") {
    process.stdout.write(await age.identityToRecipient(key));
} else if (task === "encrypt") {
    const encrypter = new age.Encrypter();
    for (const recipient of key.split(",")) encrypter.addRecipient(recipient);
    writeFileSync(target, await encrypter.encrypt(readFileSync(source)));
} else {
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(key);
    writeFileSync(target, await decrypter.decrypt(readFileSync(source)));
}
"""


def run(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(word) for word in words], input=stdin, capture_output=True, timeout=480, check=False
    )


def node(folder: Path, *words: str | Path) -> bytes:
    script = folder / "age.mjs"
    script.write_text(SCRIPT, encoding="utf-8")
    done = run("node", script, JS_MODULE, *words)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@needs_age
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armor"])
@pytest.mark.parametrize("size", SIZES)
def test_age_program(size: int, armor: bool, tmp_path: Path) -> None:
    identity = age.generate_identity(post_quantum=False)
    other = age.generate_identity(post_quantum=False)
    recipients = [other.recipient(), identity.recipient()]
    key = tmp_path / "key.txt"
    key.write_text(identity.encode() + "\n", encoding="ascii")

    ours = tmp_path / "ours.age"
    encrypt = encrypt_armored if armor else age.encrypt
    with ours.open("wb") as target, encrypt(target, recipients) as writer:
        writer.write(PLAIN[size])
    read = run("age", "-d", "-i", key, ours)
    assert read.returncode == 0, read.stderr.decode()
    assert read.stdout == PLAIN[size]

    words = ["age", *(["-a"] if armor else [])]
    for recipient in recipients:
        words += ["-r", recipient.encode()]
    theirs = run(*words, stdin=PLAIN[size])
    assert theirs.returncode == 0, theirs.stderr.decode()
    got = decrypt_any_bytes(theirs.stdout, [identity], limit=size)
    assert got == PLAIN[size]


@needs_age
def test_age_program_refuses_what_we_refuse(tmp_path: Path) -> None:
    identity = age.generate_identity(post_quantum=False)
    key = tmp_path / "key.txt"
    key.write_text(identity.encode() + "\n", encoding="ascii")
    file = age.encrypt_bytes(b"text", [identity.recipient()])
    for wrong in (file[:-1], file + b"x", file.replace(b"X25519", b"X25518")):
        assert run("age", "-d", "-i", key, stdin=wrong).returncode != 0
        with pytest.raises(age.AgeError):
            age.decrypt_bytes(wrong, [identity], limit=100)


@needs_js
@pytest.mark.parametrize("post_quantum", [True, False], ids=["hybrid", "x25519"])
@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE])
def test_age_encryption_js(size: int, post_quantum: bool, tmp_path: Path) -> None:
    identity = age.generate_identity(post_quantum)
    other = age.generate_identity(post_quantum)
    plain, theirs, ours, back = (tmp_path / name for name in ("plain", "theirs", "ours", "back"))
    plain.write_bytes(PLAIN[size])

    text = node(tmp_path, "recipient", identity.encode()).decode()
    assert text == identity.recipient().encode()

    node(tmp_path, "encrypt", f"{other.recipient().encode()},{text}", plain, theirs)
    got = age.decrypt_bytes(theirs.read_bytes(), [identity], limit=size)
    assert got == PLAIN[size]

    ours.write_bytes(age.encrypt_bytes(PLAIN[size], [other.recipient(), identity.recipient()]))
    node(tmp_path, "decrypt", identity.encode(), ours, back)
    assert back.read_bytes() == PLAIN[size]
