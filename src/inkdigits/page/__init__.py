"""A page of numbers: from its crops to what stands on them."""
