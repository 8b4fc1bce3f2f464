"""History: what the triggers recorded, told as sentences (`docs/adr/0008-history.md`).

Each room says in its own `history.py`, imported in `AppConfig.ready`, how its models' changes read
and on which pages they stand:

    history.tell(Topic, about=…, called=("title", "group"), added=…, removed=…,
                 fields={"title": Change(_("%(who)s renamed the topic from …"))},
                 unsaid={"group": "never changes"})
    history.on("group", Topic, lambda page: Q(group=page.pk))
"""

from core.history.reading import Day, Entry, Pages, pages
from core.history.registry import (
    Change,
    Page,
    Place,
    Story,
    fact,
    house,
    kinds,
    named,
    on,
    page,
    stories,
    tell,
)

__all__ = [
    "Change",
    "Day",
    "Entry",
    "Page",
    "Pages",
    "Place",
    "Story",
    "fact",
    "house",
    "kinds",
    "named",
    "on",
    "page",
    "pages",
    "stories",
    "tell",
]
