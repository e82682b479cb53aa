"""How conflicts are found, answered, resolved and reopened."""
