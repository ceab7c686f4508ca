"""What was measured, drawn and written for people."""
