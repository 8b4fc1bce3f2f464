"""What holds of the plan of any list, whatever stands in it and whatever was answered."""

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from directory.members_import.columns import lay_out
from directory.members_import.known import Known, KnownPerson, Place
from directory.members_import.outcome import Choices, Kind
from directory.members_import.plan import make
from directory.members_import.text import read_text
from directory.members_import.values import name_key
from directory.members_import.words import Wording
from directory.models import Organisation

TODAY = timezone.localdate()
CELLS = {
    "Nimi": ["Aarni Pohjonen", "Veera Lampi", "Lampi, Veera", "Kaima Kaksi", "=x", ""],
    "Sähköposti": ["", "", "veera@example.org", "aarni@example.org", "uusi@example.org", "@"],
    "Organisaatio": ["", "Espoo", "Esbo", "Espo", "Omnia", "Kaksi"],
    "Rooli": ["", "jäsen", "pj", "varajäsen", "kuningas"],
    "Varajäsen kenelle": ["", "", "Aarni Pohjonen", "Veera Lampi", "Ei Kukaan"],
    "Asti": ["", "1.1.2020", "31.12.2099"],
    "Nimike": ["", "Rehtori"],
}
ROWS = st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), min_size=1, max_size=6)
ANSWERS = st.dictionaries(
    st.sampled_from(
        [f"{kind}-{row}" for kind in ("person", "organisation", "namesake") for row in range(2, 8)]
    ),
    st.sampled_from(["new", "out", "none", "bare", "1", "2", "3", "x", ""]),
)


@given(rows=ROWS, answers=ANSWERS, left=st.sets(st.integers(2, 7)))
def test_any_list_gets_one_outcome_a_row_and_the_same_each_time(
    rows: list[tuple[str, ...]], answers: dict[str, str], left: set[int]
) -> None:
    """In a small directory: a member, two namesakes, two organisations of one name."""
    known = Known(TODAY)
    for pk, name, email in (
        (1, "Veera Lampi", "veera@example.org"),
        (2, "Kaima Kaksi", ""),
        (3, "Kaima Kaksi", "kaima@example.org"),
    ):
        known.people[pk] = KnownPerson(pk, name, email)
        known.by_name = {**known.by_name, name_key(name): [1] if pk == 1 else [2, 3]}
        if email:
            known.by_email[email] = pk
    for pk, names in ((1, ("espoo", "esbo", "kaksi")), (2, ("omnia", "kaksi"))):
        known.organisations[pk] = Organisation(pk=pk, name_fi=names[0].title())
        for one in names:
            known.by_organisation.setdefault(one, []).append(pk)
    place = Place(7, 1, "member", 1, "", None, None, None)
    known.places, known.places_of, known.manageable = {7: place}, {1: [place]}, {1, 2}
    table = read_text("\n".join("\t".join(row) for row in (tuple(CELLS), *rows)))
    layout = lay_out(table)
    choices = Choices(answers, frozenset(left))
    plan = make(layout, known, choices)

    assert [one.number for one in plan.outcomes] == [row.number for row in layout.data]
    for one in plan.outcomes:
        acts = one.kind in (Kind.NEW, Kind.JOINS, Kind.CHANGES)
        assert (one.act is not None) == acts
        assert (one.kind == Kind.WRONG) <= bool(one.problems)
        assert (one.number in left) <= (one.kind == Kind.OUT)
    assert bool(plan.open_questions) == any(one.kind == Kind.ASKS for one in plan.outcomes)
    going = {act.row for act in plan.acts}
    assert {act.deputy_for_row for act in plan.acts} - {None} <= going
    persons = [act.person for act in plan.acts if act.person]
    assert len(persons) == len(set(persons))
    assert make(layout, known, choices).seen() == plan.seen()
    assert len(Wording(plan, layout).lines(*Kind)) == len(layout.data)
