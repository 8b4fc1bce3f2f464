"""The room `actions`: what was promised, by whom, until when."""
