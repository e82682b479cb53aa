"""One round of exchange with a folder or a stick; enrolment and erasure."""
