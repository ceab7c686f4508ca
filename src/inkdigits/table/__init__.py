"""Tables: rows and columns of cells, each with a number."""
