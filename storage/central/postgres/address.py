"""What is unsafe in how a database is named: a password for all to see, a connection unproven."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address

from sqlalchemy import URL

from storage.central.postgres.database import DatabaseError, read_url

VERIFIED = "verify-full"
"""The one ``sslmode`` that proves which computer answers: libpq manual, 34.19.1."""


def unsafe(address: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """Return what is unsafe in a database's address, a sentence or two each; it stops nobody.

    Args:
        address: as it was given; one that cannot be read has nothing to say here.
        environment: the variables that libpq reads, the process's own where they are not given.
    """
    known = os.environ if environment is None else environment
    with suppress(DatabaseError):
        url = read_url(address)
        return [*_password(url), *_unproven(url, known)]
    return []


def _password(url: URL) -> Iterator[str]:
    if url.password or _option(url, "password"):
        yield (
            "The database's password stands in its address, where every account of this computer "
            "can read it while the command runs. Put it into a file of mode 0600 that PGPASSFILE "
            "names, and give the role another password."
        )


def _unproven(url: URL, environment: Mapping[str, str]) -> Iterator[str]:
    hosts = _option(url, "hostaddr") or environment.get("PGHOSTADDR", "")
    hosts = hosts or ",".join(filter(None, (url.host, _option(url, "host"))))
    hosts = hosts or environment.get("PGHOST", "")
    remote = [host for host in hosts.split(",") if not _is_here(host.strip())]
    mode = _option(url, "sslmode") or environment.get("PGSSLMODE", "")
    authority = _option(url, "sslrootcert") or environment.get("PGSSLROOTCERT", "")
    if remote and mode != VERIFIED and not (authority == "system" and not mode):
        yield (
            f"The database is on another computer ({', '.join(remote)}), and the connection does "
            "not prove that it is that one: what laptops sent could be read and changed on the "
            f"way. Add “?sslmode={VERIFIED}&sslrootcert=FILE” to its address."
        )


def _option(url: URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else ",".join(value)


def _is_here(host: str) -> bool:
    """Say whether it is this computer: a socket's folder, no name at all, or an own address."""
    if not host or host.startswith(("/", "@")) or host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
