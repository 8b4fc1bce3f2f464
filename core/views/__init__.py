"""Pages that every room has a part in."""
