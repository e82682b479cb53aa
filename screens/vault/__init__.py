"""Pages for the vault: first run, unlocking, locking, backups and credentials."""
