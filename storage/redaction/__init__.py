"""How words are redacted here, and how redactions that arrive are enforced."""
