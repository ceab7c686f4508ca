"""A page of numbers: where they are, how they read, in which lines they stand."""
