"""The room `directory`: who cooperates."""
