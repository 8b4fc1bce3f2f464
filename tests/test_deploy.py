"""That the files in deploy/ say what the code and the README say, and that no warning is left."""

import json
import logging.config
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection
from granian.log import LOGGING_CONFIG

from bin.commands import databases

ROOT = databases.ROOT
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
HOST = "yhteispoyta.example"


def variables(text: str) -> list[str]:
    """The names in a file of settings, those that are commented out too."""
    return re.findall(r"^#?([A-Z0-9_]+)=", text, re.MULTILINE)


# -- Settings -------------------------------------------------------------------------------------


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """What a newcomer gets from deploy/new."""
    subprocess.run([DEPLOY / "new", HOST, "database", tmp_path], check=True)
    return tmp_path


def read(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z0-9_]+)=(.*)$", file.read_text(), re.MULTILINE))


def test_each_setting_is_explained() -> None:
    source = (ROOT / "welfare" / "settings.py").read_text()
    known = set(re.findall(r'env\.?\w*\(\s*"([A-Z0-9_]+)"', source))
    example = (DEPLOY / "env.example").read_text()
    assert sorted(variables(example)) == sorted({*known, "SITE_HOST"})
    paragraphs = example.split("\n\n")
    assert [p for p in paragraphs if variables(p) and not p.startswith("# ")] == []


def test_a_new_installation_has_secrets_of_its_own(made: Path) -> None:
    app, owner, passwords = (read(made / f) for f in (".env", "owner.env", "database.env"))
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o600}
    assert app["ALLOWED_HOSTS"] == HOST
    assert app["SITE_URL"] == app["CSRF_TRUSTED_ORIGINS"] == f"https://{HOST}"
    assert app["MAIL_FROM"] == f"noreply@{HOST}"
    url = "postgres://yhteispoyta_{}:{}@database/yhteispoyta"
    assert app["DATABASE_URL"] == url.format("app", passwords["APP_PASSWORD"])
    assert owner == {"DATABASE_URL": url.format("owner", passwords["OWNER_PASSWORD"])}
    secrets = [app["SECRET_KEY"], *passwords.values()]
    assert len({*secrets}) == 4
    assert min(map(len, secrets)) >= 48
    assert passwords["OWNER_PASSWORD"] not in (made / ".env").read_text()


def test_secrets_in_use_are_not_written_over(made: Path) -> None:
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    run = subprocess.run(
        [DEPLOY / "new", HOST, "database", made], check=False, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "Nothing has been changed." in run.stderr
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before
    ignored = subprocess.run(
        ["git", "check-ignore", *(f"deploy/{name}" for name in before)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert sorted(ignored.stdout.split()) == sorted(f"deploy/{name}" for name in before)


def test_an_address_is_no_host_name(tmp_path: Path) -> None:
    command = [DEPLOY / "new", f"https://{HOST}/", "database", tmp_path / "settings"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert "is not a host name" in run.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def deployed(made: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command with those settings on the migrated database, as the app's role."""
    own = connection.settings_dict
    url = f"postgres://{settings.APP_DATABASE_ROLE}@/{own['NAME']}?host={own['OPTIONS']['host']}"

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**read(made / ".env"), "DATABASE_URL": url, "HOME": str(tmp_path), **more}
        environment |= {
            "PATH": os.environ["PATH"],
            "STATIC_ROOT": str(settings.STATIC_ROOT),
            "DATA_DIR": str(tmp_path / "files"),
        }
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.django_db
def test_a_deployment_has_no_warning(
    deployed: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    check = ["check", "--deploy", "--database", "default", "--fail-level", "WARNING"]
    run = deployed(*check)
    assert run.stderr == "", run.stderr
    assert run.stdout == "System check identified no issues (0 silenced).\n"
    run = deployed(*check, HTTPS="false")
    assert run.returncode == 1
    assert "security.W012" in run.stderr


ANSWERS = """
import json
from django.test import Client
proxied = {"X-Forwarded-Proto": "https", "Host": "yhteispoyta.example"}
told = {}
for name, path, headers in (
    ("page", "/account/login/", proxied),
    ("plain", "/account/login/", {"Host": "yhteispoyta.example"}),
    ("other", "/account/login/", {**proxied, "Host": "evil.example"}),
    ("alive", "/healthz", {"Host": "10.0.0.7"}),
):
    answer = Client().get(path, headers=headers)
    told[name] = [answer.status_code, dict(answer.headers), answer.cookies.output(header="")]
print(json.dumps(told))
"""


@pytest.mark.django_db
def test_what_a_deployment_answers(
    deployed: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = deployed("shell", "--no-imports", "-c", ANSWERS, PYTHONWARNINGS="ignore")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    status, headers, cookies = told["page"]
    assert status == 200
    assert {name: headers[name] for name in SAFE} == SAFE
    assert headers["Content-Security-Policy"].split("; ") == [
        "default-src 'self'",
        "script-src 'self'",  # and a nonce, where a page asks for one
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    [token] = cookies.split("\n")
    assert token.strip().startswith("__Host-csrftoken=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(token.split("; "))
    # Without encryption one is sent to where there is some; a probe is not.
    assert told["plain"][0] == 301
    assert told["plain"][1]["Location"] == f"https://{HOST}/account/login/"
    assert told["other"][0] == 400
    assert told["alive"][0] == 200


SAFE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# -- Containers -----------------------------------------------------------------------------------


def debian_packages(text: str) -> set[str]:
    """The Debian packages that the app itself needs, wherever in the text they are listed."""
    [words] = re.findall(r"libpango-1\.0-0[\w\s.+-]*?voikko-fi[ \w-]*", text)
    return set(words.split())


def test_the_same_packages_everywhere() -> None:
    setup = debian_packages((ROOT / "bin" / "setup.sh").read_text())
    readme = debian_packages((ROOT / "README.md").read_text())
    image = debian_packages((DEPLOY / "Containerfile").read_text())
    assert "gettext" in setup
    assert readme == setup
    assert image == setup - {"gettext"}  # only its first stage needs that


def instructions() -> list[str]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE)
    return re.sub(r"\s*\\\n\s*", " ", text).strip().splitlines()


def test_the_image() -> None:
    """hadolint has no complaint either; it is too large to be a part of bin/test."""
    lines = [line.strip() for line in instructions()]
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]
    last_stage = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]
    assert any(line.startswith("USER") for line in last_stage)
    assert any(line.startswith("HEALTHCHECK") and "/healthz" in line for line in last_stage)
    installs = [line for line in lines if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    kept = [line for line in lines if line.startswith(("ENV", "ARG"))]
    assert [line for line in kept if re.search("KEY|PASSWORD|SECRET|TOKEN|DATABASE", line)] == []


def test_what_goes_into_the_image_is_listed() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in lines if not line.startswith("#")) == "*"
    let_in = {line[1:] for line in lines if line.startswith("!")}
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert let_in - rooms == {
        "deploy/granian.json",
        "locale",
        "static",
        "templates",
        "manage.py",
        "pyproject.toml",
        "requirements/base.txt",
    }
    assert rooms <= let_in


@pytest.fixture
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return content


def test_no_registry_is_named(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^ARG BASE=(.*)$", "\n".join(instructions()), re.MULTILINE)
    assert len(images) == 7
    assert [image for image in images if "/" in image] == []
    # What is not built here has a tag.
    assert [i for i in images if ":" not in i or i.endswith(":latest")] == ["yhteispoyta"] * 4


def test_the_composition(compose: dict[str, Any], made: Path) -> None:
    services = compose["services"]
    for service in services.values():
        for volume in service["volumes"]:
            source = volume.partition(":")[0]
            there = source in compose["volumes"] or (DEPLOY / source).is_file()
            assert there, source
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("env_file", [])) <= {path.name for path in made.iterdir()}
    # Only the proxy is reached from outside, and only what needs a secret gets it.
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    holders = {
        file: [name for name, one in services.items() if file in one.get("env_file", [])]
        for file in ("owner.env", "database.env")
    }
    assert holders == {"owner.env": ["migrate"], "database.env": ["database"]}
    once = {name for name, one in services.items() if one.get("profiles") == ["once"]}
    assert once == {"migrate", "manage"}
    for name in ("app", "worker", *once):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]


# -- systemd --------------------------------------------------------------------------------------


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False, interpolation=None, delimiters=["="])
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text().replace("\\\n", ""))
    return parser


def test_the_units(tmp_path: Path) -> None:
    names = sorted(path.name for path in UNITS.glob("*.*") if path.is_file())
    parts = ["backup", "owner-migrate", "web", "worker"]
    assert names == sorted(
        [*(f"yhteispoyta-{part}.service" for part in parts), "yhteispoyta-backup.timer"]
    )
    shared = unit(UNITS / "yhteispoyta-.service.d" / "10-all.conf")["Service"]
    for name, value in {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
    }.items():
        assert shared[name] == value
    for part in parts:
        service = unit(UNITS / f"yhteispoyta-{part}.service")["Service"]
        assert not {"User", "DynamicUser", "ProtectSystem"} & set(service)
        # A file named here would be read before the shared one, and lose.
        assert "EnvironmentFile" not in service
    owner = unit(UNITS / "yhteispoyta-owner-.service.d" / "20-owner.conf")["Service"]
    assert dict(owner) == {"EnvironmentFile": "/etc/yhteispoyta/owner.env"}
    verify = shutil.which("systemd-analyze")
    if verify is None:
        return  # what it looks at besides is not worth a package
    shutil.copytree(UNITS, tmp_path / "units")
    for path in (tmp_path / "units").glob("*.service"):
        text = path.read_text().replace("/opt/yhteispoyta/.venv/bin/python", sys.executable)
        path.write_text(
            text.replace("/opt/yhteispoyta/.venv/bin/granian", databases.tool("granian"))
        )
    run = subprocess.run(
        [verify, "verify", *sorted((tmp_path / "units").glob("*.*r"))],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path / 'units'}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_the_web_servers_log_is_json() -> None:
    """Granian takes the top level of the file in place of its own."""
    told = json.loads((DEPLOY / "granian.json").read_text())
    assert set(told["formatters"]) == set(LOGGING_CONFIG["formatters"])
    made = logging.config.DictConfigurator({**LOGGING_CONFIG, **told})
    for name in told["formatters"]:
        formatter = made.configure_formatter(told["formatters"][name])
        assert type(formatter).__name__ == "JSONFormatter"


@pytest.mark.parametrize("file", ["deploy/Containerfile", "deploy/systemd/yhteispoyta-web.service"])
def test_the_web_server_is_started_so_that_no_address_is_logged(file: str) -> None:
    text = (ROOT / file).read_text()
    assert "--log-config" in text
    assert "deploy/granian.json" in text
    assert "--access-log" not in text
