"""The meeting's pages."""
