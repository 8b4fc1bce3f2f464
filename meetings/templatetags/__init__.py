"""Template tags of the meetings' pages."""
