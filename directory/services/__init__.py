"""What changes the directory, by subject."""
