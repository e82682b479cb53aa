"""``fieldkit doctor``: whether this computer is ready, told without a passphrase or any content."""
