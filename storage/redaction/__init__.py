"""Words are redacted here, and redactions that arrive are enforced."""
