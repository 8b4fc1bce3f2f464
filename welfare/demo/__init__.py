"""The demo's region: organisations, people and two years of meetings, as files and their loader."""
