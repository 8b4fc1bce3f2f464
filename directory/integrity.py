"""What merging leaves behind must not be in use any more; says where it is."""

from collections.abc import Iterator

from directory.merging import registry
from directory.models import Organisation, Person


def drift() -> Iterator[str]:
    """One sentence for each row that points at someone or something merged into another."""
    for model in (Person, Organisation):
        for one in registry.moving(model):
            rows = one.model._base_manager.filter(**{f"{one.field}__merged_into__isnull": False})
            for pk in rows.order_by("pk").values_list("pk", flat=True):
                yield f"{one.model._meta.label} {pk}: its {one.field} was merged into another"
    for person in Person.objects.filter(merged_into__isnull=False, is_active=True).order_by("pk"):
        yield f"person {person.pk}: was merged into another and may log in"
