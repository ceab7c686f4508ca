"""Tables: where their rows, columns and cells are."""
