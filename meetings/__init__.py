"""The room `meetings`: meetings, agenda, attendance, minutes."""
