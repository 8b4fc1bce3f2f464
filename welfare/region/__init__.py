"""A region's facts in a file, and setting a region up from it: the first run of a new house."""
