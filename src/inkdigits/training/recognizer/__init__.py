"""The net that reads a number as a whole, what it learns from, its loss."""
