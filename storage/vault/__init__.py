"""The vault: how it is unlocked, kept, checked, migrated and backed up."""
