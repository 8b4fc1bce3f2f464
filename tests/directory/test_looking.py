"""A coordinator looks as another would; `tests/test_access.py` compares what the two are shown."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY as LOGGED_IN
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from core import expired, jobs
from directory.looking import SESSION_KEY, LookingMiddleware
from directory.models import ContactPerson, Group, Membership, Person
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import MembershipFactory, OrganisationFactory
from tests.meetings.pages import JSON, browser, sent, text, url


def look(client: Client, cast: Cast, part: str = "member", organisation: object = "") -> None:
    """Begin to look."""
    there = reverse("directory:look", args=[cast.group.slug])
    answer = client.post(there, {"part": part, "organisation": organisation})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.fixture
def client(cast: Cast) -> Client:
    """The secretary's browser."""
    return browser(cast.secretary)


BAR = "Nothing can be saved."


def test_the_page_is_that_of_another_until_one_stops(cast: Cast, client: Client) -> None:
    sent(cast)
    workspace = url("workspace", cast.meeting)
    assert client.get(workspace).status_code == 200
    look(client, cast, "member", cast.espoo.pk)
    page = client.get(url("detail", cast.meeting))
    assert f"You see what a member of {cast.group} for Espoo sees. {BAR}" in text(page)
    assert "Directory" not in text(page)
    assert client.get(workspace).status_code == 403
    answer = client.post(reverse("directory:stop_looking"))
    assert answer["Location"] == reverse("group", args=[cast.group.slug])
    assert client.get(workspace).status_code == 200
    assert BAR not in text(client.get(answer["Location"]))


def test_a_contact_person_is_some_organisations(cast: Cast, client: Client) -> None:
    there = reverse("directory:look", args=[cast.group.slug])
    nobody = client.post(there, {"part": "contact"})
    assert nobody.status_code == 400
    assert "Choose whose contact person." in text(nobody)
    elsewhere = OrganisationFactory()
    assert client.post(there, {"part": "member", "organisation": elsewhere.pk}).status_code == 400
    assert SESSION_KEY not in client.session
    ContactPerson.objects.create(organisation=cast.omnia, person=cast.stranger, group=cast.group)
    look(client, cast, "contact", cast.omnia.pk)
    assert "what the contact person of Omnia for" in text(client.get("/"))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            [found[table]] = cursor.fetchone()
    return found


def test_nothing_remains(cast: Cast, client: Client) -> None:
    look(client, cast, "member", cast.espoo.pk)
    before = rows()
    assert before["directory_person"] == 4
    for there in ("/", reverse("group", args=[cast.group.slug]), "/nothing/here/"):
        assert BAR in text(client.get(there))
        assert rows() == before


def test_what_is_sent_is_refused_and_kept(cast: Cast, client: Client) -> None:
    add = url("add_item", cast.meeting)
    look(client, cast, "observer")
    answer = client.post(add, {"title": "Uusi asia"})
    assert answer.status_code == 403
    assert "What you typed is kept. Stop looking, and you can send it." in text(answer)
    asked = client.post(add, {"title": "Uusi asia"}, **JSON)
    assert asked.status_code == 400
    assert asked.json()["error"].endswith("Stop looking first.")
    assert cast.meeting.items.count() == 1
    stopped = client.post(reverse("directory:stop_looking"))
    assert stopped["Location"] == reverse("resume")
    page = text(client.get(stopped["Location"]))
    assert "Uusi asia" in page
    assert "open so long" not in page
    client.post(add, {"title": "Uusi asia"})
    assert cast.meeting.items.count() == 2
    assert expired.SESSION_KEY not in client.session


def test_the_login_stays_ones_own(cast: Cast, client: Client) -> None:
    look(client, cast)
    client.get("/")
    own = str(cast.secretary.pk)
    assert client.session[LOGGED_IN] == own
    cookie = client.cookies[expired.COOKIE].value
    request = RequestFactory(headers={"cookie": f"{expired.COOKIE}={cookie}"}).get("/")
    assert request.get_signed_cookie(expired.COOKIE, salt=expired.COOKIE) == own
    client.post(reverse("language"), {"language": "sv", "next": "/"})
    cast.secretary.refresh_from_db()
    assert cast.secretary.language == "sv"
    assert client.get(reverse("account_change_password")).status_code in (200, 302)
    client.post(reverse("account_logout"))
    assert LOGGED_IN not in client.session
    client.force_login(cast.secretary)
    assert SESSION_KEY not in client.session


def test_who_no_longer_coordinates_looks_no_longer(cast: Cast, client: Client) -> None:
    look(client, cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(person=cast.secretary).update(valid_to=yesterday)
    assert BAR not in text(client.get("/"))
    assert SESSION_KEY not in client.session


def test_a_group_that_is_gone_is_looked_at_no_longer(cast: Cast, client: Client) -> None:
    administrator = MembershipFactory().person
    administrator.is_administrator = True
    administrator.save()
    browsing = browser(administrator)
    look(browsing, cast, "member", cast.espoo.pk)
    assert BAR in text(browsing.get("/"))
    Meeting.objects.all().delete()
    cast.group.delete()
    assert BAR not in text(browsing.get("/"))


# -- Whatever a page does --------------------------------------------------------------------------


def through(cast: Cast, view: object) -> HttpResponse:
    """What the middleware makes of a view, for the secretary who looks as a member."""
    request = RequestFactory().get("/")
    request.user = cast.secretary
    request.session = {
        SESSION_KEY: {"group": cast.group.pk, "part": "member", "organisation": None}
    }
    response = LookingMiddleware(view)(request)  # type: ignore[arg-type]
    assert request.user == cast.secretary
    return response


def test_a_page_that_writes_leaves_nothing(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    done: list[Person] = []

    def view(request: HttpRequest) -> HttpResponse:
        done.append(request.user)  # type: ignore[arg-type]
        with transaction.atomic():
            Group.objects.update(name_fi="Toinen")
            transaction.on_commit(lambda: done.append(cast.stranger))
        jobs.defer("core.retry_stalled", timestamp=0)
        return HttpResponse("ok")

    before = rows()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert through(cast, view).content == b"ok"
    assert rows() == before
    [person] = done
    assert person not in (cast.secretary, cast.stranger)
    assert not Person.objects.filter(pk=person.pk).exists()
    cast.group.refresh_from_db()
    assert cast.group.name_fi != "Toinen"


def test_a_stream_is_read_as_the_one_who_looks(cast: Cast) -> None:
    def view(request: HttpRequest) -> StreamingHttpResponse:
        def lines() -> Iterator[str]:
            for role in request.user.memberships.values_list("role", flat=True):
                yield f"{role} of {Membership.objects.count()}"

        return StreamingHttpResponse(lines())

    assert through(cast, view).getvalue() == b"member of 4"


def test_a_page_that_fails_leaves_nothing(cast: Cast) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    before = rows()
    with pytest.raises(ZeroDivisionError):
        through(cast, view)
    assert rows() == before
