"""What stands before the first unlocking: a new vault, or one made of a backup."""
