"""Who did what when, how far it has been delivered, and how it is undone."""
