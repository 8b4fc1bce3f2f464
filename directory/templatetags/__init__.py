"""The directory's template tags."""
