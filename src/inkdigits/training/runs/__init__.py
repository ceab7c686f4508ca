"""Run folders: where they are, their checkpoints, where a run came from."""
