"""What a record is: its base class, and what each type of field may hold."""
