"""Pictures that the code writes itself: digits, letters, clutter, whole pages."""
