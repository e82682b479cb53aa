"""A database's address: a password in it, and another computer that proves nothing."""

from __future__ import annotations

import pytest

from storage.central.postgres.address import unsafe

PASSWORD, UNPROVEN = "password", "another computer"


@pytest.mark.parametrize(
    ("address", "environment", "said"),
    [
        ("postgresql://f@localhost/f", {}, ()),
        ("postgresql://f@127.0.0.2:5432/f", {}, ()),
        ("postgresql://f@[::1]/f", {}, ()),
        ("postgresql:///f", {}, ()),
        ("postgresql:///f?host=/run/postgresql", {}, ()),
        ("postgresql://f:secret@localhost/f", {}, (PASSWORD,)),
        ("postgresql://localhost/f?user=f&password=secret", {}, (PASSWORD,)),
        ("postgresql://f@db.example.org/f", {}, (UNPROVEN,)),
        ("postgresql://f:secret@10.0.0.5/f", {}, (PASSWORD, UNPROVEN)),
        ("postgresql:///f?host=db.example.org", {}, (UNPROVEN,)),
        ("postgresql:///f?host=localhost&host=db.example.org", {}, (UNPROVEN,)),
        ("postgresql://f@localhost/f?hostaddr=10.0.0.5", {}, (UNPROVEN,)),
        ("postgresql:///f", {"PGHOST": "db.example.org"}, (UNPROVEN,)),
        ("postgresql://f@db/f?sslmode=require", {}, (UNPROVEN,)),
        ("postgresql://f@db/f?sslmode=verify-ca&sslrootcert=ca.pem", {}, (UNPROVEN,)),
        ("postgresql://f@db/f?sslmode=verify-full&sslrootcert=ca.pem", {}, ()),
        ("postgresql://f@db/f", {"PGSSLMODE": "verify-full"}, ()),
        ("postgresql://f@db/f?sslmode=disable", {"PGSSLMODE": "verify-full"}, (UNPROVEN,)),
        ("postgresql://f@db/f?sslrootcert=system", {}, ()),
        ("mysql://f:secret@db/f", {}, ()),
        ("postgresql://f@db:port/f", {}, ()),
    ],
)
def test_what_is_unsafe_is_said(
    address: str, environment: dict[str, str], said: tuple[str, ...]
) -> None:
    told = unsafe(address, environment)
    assert len(told) == len(said)
    assert all(word in sentence for word, sentence in zip(said, told, strict=True))
    assert not any("secret" in sentence for sentence in told)
