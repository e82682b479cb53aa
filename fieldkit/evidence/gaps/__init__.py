"""What is not looked at yet, and what is worth a second look before the force hears it."""
