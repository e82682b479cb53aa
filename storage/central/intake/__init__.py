"""What central takes in, what it keeps in quarantine, and what it refused."""
