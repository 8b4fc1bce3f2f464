"""Alphabetical order as Finnish and Swedish have it: å, ä and ö after z, whatever the database.

The embedded PostgreSQL has no ICU collation, so the three letters are turned into the signs that
follow z in the C collation.
"""

from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Collate, Lower


def alphabetical(expression: Any) -> Collate:
    """Order by this: `queryset.order_by(alphabetical("name"), "pk")`."""
    text = F(expression) if isinstance(expression, str) else expression
    return Collate(
        Func(
            Lower(text), Value("åäö"), Value("{|}"), function="translate", output_field=TextField()
        ),
        "C",
    )
