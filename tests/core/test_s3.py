"""Files in storage that speaks S3: a server of its own, asked over the loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django.fixtures import Settings

from core import downloads, files
from core.models import StoredFile
from tests.core.test_backup import House, house, rewrite

NOW = datetime(2026, 9, 8, 7, 0, tzinfo=UTC)
KEYS = {"S3_ACCESS_KEY": "testing", "S3_SECRET_KEY": "testing", "S3_REGION": "eu-north-1"}
SECONDS = 20  # until the server must have started

STORE = """
from django.core.files.base import ContentFile
from django.utils import timezone
from core import files
for words in ("yksi", "kaksi"):
    files.store(ContentFile(words.encode(), name="a.txt"), now=timezone.now())
"""


def name_of(content: bytes) -> str:
    digest = sha256(content).hexdigest()
    return f"{digest[:2]}/{digest}"


TWO = {name_of(content): content for content in (b"yksi", b"kaksi")}


class Bucket:
    """A bucket on the server, seen from outside the house."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name
        client.create_bucket(
            Bucket=name,
            CreateBucketConfiguration={"LocationConstraint": KEYS["S3_REGION"]},
        )

    def contents(self) -> dict[str, bytes]:
        listed = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {one["Key"]: self.get(one["Key"])["Body"].read() for one in listed}

    def get(self, key: str) -> Any:
        return self.client.get_object(Bucket=self.name, Key=key)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server that has nothing yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=quiet,
        stderr=quiet,
    )
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, "the S3 server has ended"
            assert time.monotonic() < deadline, "the S3 server does not start"
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def client(endpoint: str) -> Iterator[Any]:
    """Somebody else who talks to the server."""
    made = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=KEYS["S3_ACCESS_KEY"],
        aws_secret_access_key=KEYS["S3_SECRET_KEY"],
        region_name=KEYS["S3_REGION"],
    )
    yield made
    made.close()


@pytest.fixture
def ours(client: Any, settings: Settings, endpoint: str, request: pytest.FixtureRequest) -> Bucket:
    """The bucket that the house of this process keeps its files in."""
    made = Bucket(client, request.node.name.replace("_", "-"))
    in_s3 = deepcopy(settings.FILES_IN_S3)
    in_s3["OPTIONS"] |= {
        "bucket_name": made.name,
        "endpoint_url": endpoint,
        "region_name": KEYS["S3_REGION"],
        "access_key": KEYS["S3_ACCESS_KEY"],
        "secret_key": KEYS["S3_SECRET_KEY"],
        "addressing_style": "path",
    }
    settings.STORAGES = {**settings.STORAGES, "default": in_s3}
    return made


@pytest.mark.django_db
def test_a_file_is_kept_once_by_its_content(ours: Bucket) -> None:
    first = files.store(ContentFile(b"yksi", name="a.txt"), now=NOW)
    files.store(ContentFile(b"kaksi", name="b.txt"), now=NOW)
    made = ours.get(name_of(b"yksi"))["LastModified"]
    assert files.store(ContentFile(b"yksi", name="c.txt"), now=NOW) == first
    assert ours.contents() == TWO
    assert ours.get(name_of(b"yksi"))["LastModified"] == made
    # Nobody but who owns the bucket is given anything.
    told = ours.client.get_object_acl(Bucket=ours.name, Key=name_of(b"yksi"))
    assert [grant["Grantee"]["Type"] for grant in told["Grants"]] == ["CanonicalUser"]


@pytest.mark.django_db
def test_it_is_downloaded_through_the_house(ours: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    record = files.store(ContentFile(b"yksi", name="a.txt"), now=NOW)
    monkeypatch.setattr(downloads, "_places", {})
    downloads.register("test", lambda *asked: True, is_public=True)
    address = downloads.address("test", 1, record.sha256, "a.txt")
    response = Client().get(address)
    assert response.getvalue() == b"yksi"
    assert response["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert response["Content-Length"] == "4"
    assert response["Content-Type"] == "text/plain"
    default_storage.delete(str(record.content.name))
    assert ours.contents() == {}
    assert Client().get(address).status_code == 404
    # It can be attached anew, and is there again.
    files.store(ContentFile(b"yksi", name="a.txt"), now=NOW)
    assert Client().get(address).getvalue() == b"yksi"
    assert StoredFile.objects.count() == 1


# -- Backups, made and restored by the commands, with settings from the environment --------------


@contextmanager
def files_in(bucket: str, endpoint: str) -> Iterator[None]:
    """Let the commands keep files in that bucket."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**KEYS, "S3_ENDPOINT": endpoint, "S3_BUCKET": bucket}.items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def backup(client: Any, endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a house with two files in a bucket."""
    bucket, folder = Bucket(client, "first"), tmp_path_factory.mktemp("backup")
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    with (
        house("s3", folder / "unused", template) as made,
        files_in(bucket.name, endpoint),
    ):
        run = made.manage("shell", "--no-imports", "-c", STORE)
        assert run.returncode == 0, run.stderr
        assert bucket.contents() == TWO
        run = made.manage("backup", str(folder / "house.zip"))
        assert run.returncode == 0, run.stderr
    assert not (folder / "unused").exists()
    return folder / "house.zip"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    with house("s3_empty", tmp_path / "disk") as made:
        yield made


def test_a_backup_comes_back_into_another_bucket(
    backup: Path, empty: House, client: Any, endpoint: str, tmp_path: Path
) -> None:
    bucket = Bucket(client, "second")
    with files_in(bucket.name, endpoint):
        run = empty.manage("restore", str(backup), owner=True)
        assert run.returncode == 0, run.stderr
        assert bucket.contents() == TWO
        assert empty.manage("check_data").returncode == 0
        # What it lacks is told of.
        client.delete_object(Bucket=bucket.name, Key=name_of(b"yksi"))
        run = empty.manage("backup", str(tmp_path / "lacking.zip"))
        assert run.returncode == 1
        assert f"lacks 1 files that the database names: {name_of(b'yksi')}" in run.stderr
        assert empty.manage("check_data").returncode == 1


def test_a_backup_moves_files_from_a_bucket_to_the_disk(backup: Path, empty: House) -> None:
    run = empty.manage("restore", str(backup), owner=True)
    assert run.returncode == 0, run.stderr
    assert {name: (empty.files / name).read_bytes() for name in TWO} == TWO


def test_what_is_refused_leaves_bucket_and_database_as_they_were(
    backup: Path, empty: House, client: Any, endpoint: str, tmp_path: Path
) -> None:
    def other_rows(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        manifest["tables"]["core_storedfile"]["rows_sha256"] = "0" * 64

    def refused(path: Path, bucket: str) -> str:
        with files_in(bucket, endpoint):
            run = empty.manage("restore", str(path), owner=True)
        assert run.returncode == 1
        assert "Traceback" not in run.stderr
        assert run.stderr.rstrip().endswith("Nothing has been changed.")
        assert empty.tables() == []
        return run.stderr

    bucket = Bucket(client, "third")
    refused(rewrite(backup, tmp_path / "other.zip", other_rows), bucket.name)
    assert bucket.contents() == {}
    # A file of that name with other content is somebody's.
    theirs = {name_of(b"yksi"): b"something else"}
    for name, content in theirs.items():
        client.put_object(Bucket=bucket.name, Key=name, Body=content)
    told = refused(backup, bucket.name)
    assert f"The storage has other content under the name {name_of(b'yksi')}." in told
    assert bucket.contents() == theirs
    assert "The storage refused" in refused(backup, "no-such-bucket")
