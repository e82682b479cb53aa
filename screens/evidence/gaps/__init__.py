"""The pages of what is not looked at yet, and of what is worth a second look."""
