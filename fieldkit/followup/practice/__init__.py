"""Notable practice as others may learn from it: its sheet, the consent of its force, who asked."""
