"""The room `core`: the ground floor."""
