"""The room `networks`: developer-partner school networks and thematic networks."""
