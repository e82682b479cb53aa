"""What a follow-up looks at: areas of concern, and which cases are audited for them."""
