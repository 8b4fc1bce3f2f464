"""Likely doubles: the same name whatever its capitals and accents, the same name in an address.

Each row is paired with the oldest one that it may be a double of, as `twin_id`.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Least, Lower

from directory.models import Organisation, Person

# Letters that are written with and without their sign, é for e.
_WITH = "åäàáâãāæöøòóôõőéèêëēíìîïīúùûüűýÿñçčćšśžźżðđłþ"
_WITHOUT = (
    "aaaaaaaaooooooo" + "eeeee" + "iiiii" + "uuuuu" + "yy" + "n" + "ccc" + "ss" + "zzz" + "ddlt"
)


def _folded(text: Any) -> Func:
    """Without capitals, signs on letters, dashes and more than one space."""
    plain = Func(
        Lower(text), Value(_WITH), Value(_WITHOUT), function="translate", output_field=TextField()
    )
    spaced = Func(
        plain,
        Value("[ \t\u00a0-]+"),
        Value(" "),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
    return Func(spaced, function="btrim", output_field=TextField())


def likely_people(people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of the people who may be doubles of another of them, the newest first.

    Of an address the part before the @ counts where it is a name: with a dot, unlike "rehtori".
    """
    local = Func(F("email"), Value("@"), Value(1), function="split_part", output_field=CharField())
    return (
        people.alias(
            by_name=Window(Min("pk"), partition_by=[_folded("name")]),
            by_address=Case(
                When(
                    email__regex=r"^[^@.]+\.[^@]+@",
                    then=Window(Min("pk"), partition_by=[local]),
                ),
                default=F("pk"),
            ),
        )
        .annotate(twin_id=Least("by_name", "by_address"))
        .filter(twin_id__lt=F("pk"))
        .order_by("-pk")
    )


def likely_organisations(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those that may be doubles of another of them, of the same kind, the newest first.

    Schools of different providers may well have the same name.
    """
    names: Any = _with_names(organisations)
    twins = names.filter(
        Q(kind=OuterRef("kind")),
        ~Q(kind=Organisation.Kind.SCHOOL) | Q(parent=OuterRef("parent")),
        pk__lt=OuterRef("pk"),
        names__overlap=OuterRef("names"),
    )
    twin = Subquery(twins.order_by("pk").values("pk")[:1])
    return names.annotate(twin_id=twin).filter(twin_id__isnull=False).order_by("-pk")


def like_person(person: Person, people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of the people who may be the same as this one."""
    same = Q(folded=_folded(Value(person.name)))
    local = (person.email or "").partition("@")[0]
    if "." in local:
        same |= Q(email__startswith=f"{local}@")
    return people.alias(folded=_folded("name")).filter(same).exclude(pk=person.pk)


def like_organisation(
    organisation: Organisation, organisations: QuerySet[Organisation]
) -> QuerySet[Organisation]:
    """Those of the organisations that may be the same as this one."""
    own: Any = _with_names(Organisation.objects.filter(pk=organisation.pk))
    own = own.values("names")
    found: Any = _with_names(organisations)
    found = found.filter(kind=organisation.kind, names__overlap=Subquery(own))
    return found.exclude(pk=organisation.pk)


def _with_names(organisations: QuerySet[Organisation]) -> QuerySet[Any]:
    """Each with all its names, folded, as `names`."""
    parts = [F("name_fi"), F("name_sv"), F("short_fi"), F("short_sv")]
    aliases = Func(F("aliases"), Value("\n"), function="array_to_string", output_field=TextField())
    text = Func(Value("\n"), *parts, aliases, function="concat_ws", output_field=TextField())
    array = ArrayField(TextField())
    lines = Func(_folded(text), Value("\n"), function="string_to_array", output_field=array)
    names = Func(lines, Value(""), function="array_remove", output_field=array)
    return organisations.annotate(names=names)
