"""Whom this laptop trusts: identities, the roster, receipts and requests."""
