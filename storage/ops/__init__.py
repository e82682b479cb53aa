"""Says what an op is and what ops add up to; pure, without a database."""
