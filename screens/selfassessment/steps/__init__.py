"""What each step of the journey from a force's workbook to matched cases shows."""
