"""Pages for cases, judgments, referrals and queries."""
