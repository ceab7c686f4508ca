"""Many files: found, shared among processes, their rows written as they come, gone on with after a stop."""
