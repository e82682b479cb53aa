"""Where fieldkit keeps its folders on this computer.

The environment variable ``FIELDKIT_HOME`` moves every one of them; otherwise they are where the
operating system keeps a person's application data.
"""

from __future__ import annotations

import os
from pathlib import Path

HOME = "FIELDKIT_HOME"


def data_folder() -> Path:
    """Return the folder that holds all others; nothing is made."""
    home = os.environ.get(HOME, "").strip()
    if home:
        return Path(home).expanduser().absolute()
    from platformdirs import (
        user_data_path,  # late: most start-ups of a test or a script name a home
    )

    return user_data_path("fieldkit", appauthor=False)


def site_folder() -> Path:
    """Return where an administrator keeps settings for everybody who uses this computer."""
    if os.environ.get(HOME, "").strip():
        return data_folder() / "site"
    from platformdirs import site_config_path  # late, as above

    return site_config_path("fieldkit", appauthor=False)


def vault_folder() -> Path:
    """Return the vault's folder where none is named with ``--vault``."""
    return data_folder() / "vault"


def central_folder() -> Path:
    """Return the folder of central's own store where none is named with ``--store``."""
    return data_folder() / "central"


def root_folder() -> Path:
    """Return where the organisation's root key rests, apart from central's store."""
    return data_folder() / "root"


def temporary_parent() -> Path | None:
    """Return where temporary folders are made: None is the system's own place."""
    if not os.environ.get(HOME, "").strip():
        return None
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
