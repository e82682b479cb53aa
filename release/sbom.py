"""The software bill of materials, by ``cyclonedx-bom``, which validates what it writes.

``python -m release.sbom`` writes the bill of what fieldkit runs on, the libraries for central among
it, into ``dist/``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import fieldkit
from release.lock import LOCK, REPOSITORY

_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--quiet")
_ALWAYS = ("--pyproject", "pyproject.toml", "--output-reproducible", "--validate")


def sbom_of_requirements(lines: str) -> str:
    """Return the bill of a list for pip, as CycloneDX in JSON: names, versions and hashes."""
    return _made("requirements", "-", lines)


def sbom_of_lock() -> str:
    """Return the bill of the lock, installed for it: licences and who requires whom, too."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
        python = next(path for path in Path(place).glob("*/*") if path.stem == "python")
        subprocess.run(
            [*_PIP, "--python", python, "install", "--require-hashes", "--no-compile", "-r", LOCK],
            check=True,
        )
        return _made("environment", str(python))


def _made(kind: str, of: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", kind, *_ALWAYS, of],
        cwd=REPOSITORY,
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Write the bill into ``dist/`` and say where."""
    target = REPOSITORY / "dist" / f"fieldkit-{fieldkit.__version__}.cdx.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(sbom_of_lock(), "utf-8")
    print(target)


if __name__ == "__main__":
    main()
