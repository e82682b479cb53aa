"""Says who did what when and how far it has been delivered, and undoes it."""
