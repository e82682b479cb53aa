"""What is collected over inspections: the register as CSV, wordings for central, one force."""
