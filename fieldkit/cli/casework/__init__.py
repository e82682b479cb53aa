"""Commands for cases, judgments, referrals and queries."""
