"""Where the vault lies, its backups, and the delay after a wrong passphrase."""
