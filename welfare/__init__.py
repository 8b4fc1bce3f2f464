"""The top floor: settings, layout, the pages that bring the rooms together, demo data."""
