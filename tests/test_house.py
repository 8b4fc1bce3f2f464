"""The rules of the house that no linter knows, and proof that each rule catches a planted breach.

Rooms import downwards only (docs/adr/0001); that counts for relations, migrations and URLs as well.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.test.utils import isolate_apps
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app as jobs

ROOT = Path(settings.BASE_DIR)
FLOORS = {
    "core": 0,
    "directory": 1,
    "actions": 2,
    "meetings": 3,
    "networks": 3,
    "plans": 3,
    "welfare": 4,
}


def may_use(room: str, other: str) -> bool:
    """Whether a room may lean on the other: on itself, a lower one, or a third party's package."""
    return room == other or other not in FLOORS or FLOORS[other] < FLOORS[room]


def python_files(*patterns: str) -> Iterator[Path]:
    for room in FLOORS:
        for pattern in patterns or ("**/*.py",):
            yield from sorted((ROOT / room).glob(pattern))


def template_files() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html")) + sorted(
        (ROOT / "templates").rglob("*.txt")
    )


# -- Imports ---------------------------------------------------------------------------------------

BREACHES = [
    ("floors", "core/planted.py", "import directory.models"),
    ("floors", "directory/planted.py", "import actions.models"),
    ("floors", "actions/planted.py", "import meetings.models"),
    ("floors", "meetings/planted.py", "import networks.apps"),
    ("floors", "networks/planted.py", "import plans.apps"),
    ("floors", "plans/planted.py", "import welfare.urls"),
    ("inside", "meetings/services/planted.py", "import meetings.views"),
    ("inside", "directory/permissions.py", "import directory.services"),
]


def lint_imports(house: Path) -> str:
    """import-linter's verdict on the house in the folder."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms' Python, to plant breaches in."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in FLOORS:
        ignored = shutil.ignore_patterns("__pycache__", "migrations")
        shutil.copytree(ROOT / room, copy / room, ignore=ignored)
    return copy


def test_the_copied_house_keeps_its_contracts(copied_house: Path) -> None:
    assert "Contracts: 2 kept, 0 broken." in lint_imports(copied_house)


@pytest.mark.parametrize(("contract", "file", "statement"), BREACHES)
def test_a_planted_import_is_caught(
    copied_house: Path, contract: str, file: str, statement: str
) -> None:
    planted = copied_house / file
    before = planted.read_text() if planted.exists() else None
    planted.write_text(f"{before or ''}\n{statement}\n")
    names = {"floors": "Rooms import downwards only", "inside": "Inside a room, too"}
    try:
        verdict = lint_imports(copied_house)
    finally:
        planted.unlink() if before is None else planted.write_text(before)
    assert re.search(rf"{names[contract]}.* BROKEN", verdict), verdict


# -- Relations and migrations ----------------------------------------------------------------------


def upward_relations(rooms_models: Iterable[type[models.Model]]) -> list[str]:
    """Relations to a room above or beside, also those written as strings."""
    found = []
    for model in rooms_models:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.remote_field is None:
                continue
            target = field.remote_field.model
            other = target.split(".")[0] if isinstance(target, str) else target._meta.app_label
            if not may_use(model._meta.app_label, other):
                found.append(f"{model._meta.label}.{field.name} → {other}")
    return found


def test_relations_go_down_only() -> None:
    assert upward_relations(m for m in apps.get_models() if m._meta.app_label in FLOORS) == []


@isolate_apps("core")
def test_a_planted_relation_is_caught() -> None:
    class Planted(models.Model):
        meeting = models.ForeignKey("meetings.Meeting", models.CASCADE)

        class Meta:
            app_label = "core"

        def __str__(self) -> str:
            return "planted"

    assert upward_relations([Planted]) == ["core.Planted.meeting → meetings"]


def upward_dependencies(dependencies: dict[str, set[str]]) -> list[str]:
    """Migrations that wait for a room above or beside: room → rooms its migrations depend on."""
    return [
        f"{room} → {other}"
        for room, others in sorted(dependencies.items())
        for other in sorted(others)
        if not may_use(room, other)
    ]


def test_migrations_depend_downwards_only() -> None:
    dependencies: dict[str, set[str]] = {}
    for (room, _), migration in MigrationLoader(None).disk_migrations.items():
        if room in FLOORS:
            others = {other for other, _ in [*migration.dependencies, *migration.run_before]}
            dependencies.setdefault(room, set()).update(others)
    assert dependencies["meetings"] >= {"actions", "directory"}
    assert upward_dependencies(dependencies) == []


def test_a_planted_dependency_is_caught() -> None:
    assert upward_dependencies({"actions": {"core", "plans"}}) == ["actions → plans"]


# -- URLs ------------------------------------------------------------------------------------------

URL_TAG = re.compile(r"""{%-?\s*url\s+['"]([^'"]+)['"]""")
REVERSERS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def url_rooms(resolver: URLResolver | None = None, prefix: str = "") -> dict[str, str]:
    """Each URL's name, with its namespace → the package that its view stands in."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found.update(url_rooms(pattern, space))
        elif isinstance(pattern, URLPattern) and pattern.name:
            view = getattr(pattern.callback, "view_class", pattern.callback)
            found[f"{prefix}{pattern.name}"] = view.__module__.split(".")[0]
    return found


def urls_in_python(source: str) -> set[str]:
    """The names of URLs that the code reverses or redirects to."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if (getattr(call.func, "id", None) or getattr(call.func, "attr", None)) in REVERSERS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and "/" not in call.args[0].value
    }


def upward_urls(room: str, names: Iterable[str]) -> list[str]:
    """Those of the names that stand in a room above or beside, or nowhere."""
    rooms = url_rooms()
    return [name for name in names if name not in rooms or not may_use(room, rooms[name])]


def test_urls_go_down_only() -> None:
    used = {
        path: urls_in_python(path.read_text())
        for path in python_files()
        if path != ROOT / "welfare" / "settings.py"
    }
    used |= {path: set(URL_TAG.findall(path.read_text())) for path in template_files()}
    found = {}
    for path, names in used.items():
        parts = path.relative_to(ROOT).parts
        room = parts[1] if parts[0] == "templates" else parts[0]
        room = {"account": "directory", "mfa": "directory"}.get(room, room)  # allauth's pages
        if upward := upward_urls(room if room in FLOORS else "welfare", names):
            found[str(path.relative_to(ROOT))] = upward
    assert any(used.values())
    assert found == {}


def test_a_planted_url_is_caught() -> None:
    template = '<a href="{% url \'home\' %}"> {% url "meetings:detail" 1 as there %}'
    code = "reverse('home'), redirect('meetings:detail', pk=1), redirect('/somewhere/')"
    assert URL_TAG.findall(template) == ["home", "meetings:detail"]
    assert urls_in_python(code) == {"home", "meetings:detail"}
    assert upward_urls("directory", ["home", "meetings:detail", "account_login"]) == [
        "home",
        "meetings:detail",
    ]
    assert upward_urls("meetings", ["home", "meetings:detail"]) == ["home"]


# -- Services --------------------------------------------------------------------------------------

WEB = {"django.http", "django.shortcuts", "django.contrib.messages", "django.template"}
CLOCK = re.compile(r"(timezone|datetime|date)\.(now|today)\(.*|timezone\.local(date|time)\(\)")
DOMAIN = ("services.py", "services/**/*.py", "selectors.py", "permissions.py", "states.py")


def worldly(source: str) -> list[str]:
    """What a domain module must not know: requests, pages, messages, and the clock."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            whole = {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
            found += sorted(whole & WEB)
        elif isinstance(node, ast.Import):
            found += sorted({name.name for name in node.names} & WEB)
        elif isinstance(node, ast.Call) and CLOCK.fullmatch(call := ast.unparse(node)):
            found.append(call)
    return found


def test_services_know_neither_the_web_nor_the_clock() -> None:
    found = {str(p.relative_to(ROOT)): worldly(p.read_text()) for p in python_files(*DOMAIN)}
    assert found
    assert {name: what for name, what in found.items() if what} == {}


def test_a_worldly_service_is_caught() -> None:
    web = "from django import http\nfrom django.http import Http404\nimport django.shortcuts"
    assert worldly(web) == ["django.http", "django.http", "django.shortcuts"]
    clock = "timezone.now(), datetime.now(UTC), timezone.localtime(meeting.starts_at)"
    assert worldly(clock) == ["timezone.now()", "datetime.now(UTC)"]


# -- Jobs ------------------------------------------------------------------------------------------


def deferred(source: str) -> set[str]:
    """The names of jobs that the code defers."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if ast.unparse(call.func) in {"defer", "jobs.defer", "core.jobs.defer"} and call.args
    }


def test_every_deferred_job_exists() -> None:
    names = {name for path in python_files() for name in deferred(path.read_text())}
    assert names - set(jobs.tasks) == set()
    assert "core.retry_stalled" in jobs.tasks


def test_a_planted_job_is_caught() -> None:
    assert deferred("jobs.defer('core.missing', x=1)\nrows.defer('data')") == {"core.missing"}
    assert "core.missing" not in jobs.tasks


# -- Texts -----------------------------------------------------------------------------------------

# Names are the same in every language.
NAMES = {"Yhteispöytä", "PDF"}
SPOKEN = {"alt", "aria-description", "aria-label", "placeholder", "title"}
NOT_TEXT = re.compile(
    r"{%-?\s*(blocktranslate|blocktrans|comment)\b.*?end\1\s*-?%}"
    r"|{%\s*block \w+_(class|attributes)\s*%}.*?{%\s*endblock.*?%}"
    r"|{#.*?#}|{{.*?}}|{%.*?%}",
    re.DOTALL,
)
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Arguments that people read: keywords of anything, and positions in calls of these names.
READ_KEYWORDS = {"label", "help_text", "empty_label", "verbose_name", "violation_error_message"}
READ_CALLS = {"ValidationError": 0, "success": 1, "info": 1, "warning": 1, "error": 1}


class Texts(HTMLParser):
    """Gathers what a reader sees or hears of a template, less what the template computes.

    An element whose language the template itself names is in that language for every reader.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # elements, and whether a translation is due there

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fixed = tag in {"script", "style"} or dict(attrs).get("lang") in dict(settings.LANGUAGES)
        due = self.due and not fixed
        if tag not in VOID:
            self.open.append((tag, due))
        for name, value in attrs:
            if name in SPOKEN and due:
                self.take(value or "")

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.due:
            self.take(data)

    @property
    def due(self) -> bool:
        return self.open[-1][1] if self.open else True

    def take(self, text: str) -> None:
        text = " ".join(text.split()).strip(" ·–|")
        if WORD.search(text) and text not in NAMES:
            self.found.append(text)


# A page that must be shown whatever broke says so in all languages at once.
FIXED_LANGUAGE = re.compile(r"{% block language %}\w\w{% endblock %}")


def untranslated_in_template(source: str) -> list[str]:
    if FIXED_LANGUAGE.search(source):
        return []
    parser = Texts()
    parser.feed(NOT_TEXT.sub("", source))
    return parser.found


def untranslated_in_python(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        read = [k.value for k in node.keywords if k.arg in READ_KEYWORDS]
        name = ast.unparse(node.func).split(".")[-1]
        position = READ_CALLS.get(name)
        is_message = name == "ValidationError" or ast.unparse(node.func).startswith("messages.")
        if position is not None and is_message:
            read += node.args[position : position + 1]
        found += [
            value.value
            for value in read
            if isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and WORD.search(value.value)
        ]
    return found


def test_no_text_stays_untranslated() -> None:
    html = [p for p in template_files() if p.suffix == ".html"]
    found = {p: untranslated_in_template(p.read_text()) for p in html}
    found |= {
        p: untranslated_in_python(p.read_text())
        for p in python_files()
        if "migrations" not in p.parts and "demo" not in p.parts
    }
    assert html
    assert {str(p.relative_to(ROOT)): texts for p, texts in found.items() if texts} == {}


def test_a_planted_text_is_caught() -> None:
    template = (
        '<a title="Shut" href="{% url \'home\' %}">{{ name }} is late{# a note #}</a>'
        "{% translate 'Fine' %}{% blocktranslate trimmed %}<b>Fine</b> too{% endblocktranslate %}"
        "<script>let fine</script> · Yhteispöytä <b lang='fi'>suomeksi<br></b>"
        "{% block body_class %}wide{% endblock %}"
    )
    assert untranslated_in_template(template) == ["Shut", "is late"]
    code = (
        "f(label='Name', to='x'); messages.success(r, 'Done'); log.error(r, 'x'); f(label=_('Ok'))"
    )
    assert untranslated_in_python(code) == ["Name", "Done"]
