"""Benchmarks: ratios of what we do to a floor that does only what cannot be left out."""
