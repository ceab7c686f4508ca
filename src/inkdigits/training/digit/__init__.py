"""The nets that read one digit, and how they learn."""
