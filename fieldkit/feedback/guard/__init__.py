"""What stands at every door: the texts that leave, and what in them must not."""
