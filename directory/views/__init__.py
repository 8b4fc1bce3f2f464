"""The directory's pages, by subject."""
