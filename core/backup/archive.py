"""The file of a backup: what its manifest says, and whether the file is what it says."""

import hashlib
import json
import os
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Final

from django.conf import settings

PRODUCT: Final = "yhteispoyta"
FORMAT: Final = 1  # grows when a reader of the old shape could not read the new one
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1024 * 1024  # bytes read at a time


# What zipfile raises on files that are not what they should be, and the disk where it fails.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class NotABackup(Exception):
    """The file is no backup, or not a whole one; the message says why."""


class FromNewerVersion(Exception):
    """The backup was made by a newer version of the product than this one."""


@dataclass(frozen=True)
class Table:
    """One table: `rows_sha256` is over the rows, `sha256` over the text that COPY wrote."""

    columns: list[str]
    rows: int
    rows_sha256: str
    sha256: str


@dataclass(frozen=True)
class Stored:
    """One stored file; `size` in bytes."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup holds and where it comes from."""

    version: str
    made_at: str  # ISO 8601, UTC
    server: str  # PostgreSQL's version
    migrations: list[tuple[str, str]]  # app and name of each applied one
    tables: dict[str, Table] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)  # as `setval` takes them
    files: dict[str, Stored] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # files that the storage lacked

    def dump(self) -> bytes:
        """The manifest as it stands in the file."""
        content = {"product": PRODUCT, "format": FORMAT, **asdict(self)}
        return json.dumps(content, indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, content: bytes) -> "Manifest":
        """Read a manifest; raises NotABackup or FromNewerVersion."""
        try:
            data = json.loads(content)
            product, number = data.pop("product"), data.pop("format")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotABackup("Its manifest cannot be read.") from None
        if product != PRODUCT:
            raise NotABackup("It was made by another product.")
        if not isinstance(number, int) or number > FORMAT:
            raise FromNewerVersion
        try:
            data["migrations"] = [(app, name) for app, name in data["migrations"]]
            data["tables"] = {name: Table(**table) for name, table in data["tables"].items()}
            data["sequences"] = {n: (int(v), bool(c)) for n, (v, c) in data["sequences"].items()}
            data["files"] = {name: Stored(**file) for name, file in data["files"].items()}
            return cls(**data)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotABackup("Its manifest cannot be read.") from None


def product_version() -> str:
    """The version of the product that runs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])


class Writer:
    """Fills a backup's file, part by part."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def table(self, name: str, rows: Iterable[bytes | memoryview]) -> str:
        """Write a table's rows and return their checksum."""
        return self._add(f"tables/{name}", rows, zipfile.ZIP_DEFLATED).sha256

    def stored(self, name: str, content: IO[bytes]) -> Stored:
        """Write a stored file; most are compressed by themselves."""
        return self._add(f"files/{name}", _chunks(content), zipfile.ZIP_STORED)

    def manifest(self, manifest: Manifest) -> None:
        """Write what makes the file whole."""
        self._file.writestr(MANIFEST, manifest.dump(), zipfile.ZIP_DEFLATED)

    def _add(self, name: str, parts: Iterable[bytes | memoryview], method: int) -> Stored:
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name)
        entry.compress_type = method
        with self._file.open(entry, "w", force_zip64=True) as target:
            for part in parts:
                target.write(part)
                digest.update(part)
                size += len(part)
        return Stored(size=size, sha256=digest.hexdigest())


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A file that gets its name `path` only when the block has ended well and all of it is right.

    Until then it stands beside under a name that ends in `.unfinished`. Only its owner may read it.
    Raises FileExistsError where `path` is there already.
    """
    if path.exists():
        raise FileExistsError
    handle, name = tempfile.mkstemp(
        prefix=f"{path.name}.", suffix=".unfinished", dir=path.absolute().parent
    )
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w+b") as raw:
            with zipfile.ZipFile(raw, "w") as file:
                yield Writer(file)
            raw.flush()
            os.fsync(raw.fileno())
        with reading(unfinished) as source:
            source.verify()
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _sync(path.absolute().parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Reader:
    """Reads a backup's file."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file = file
        self.manifest = manifest

    def table(self, name: str) -> Iterator[bytes]:
        """The rows of a table as COPY takes them."""
        with self._file.open(f"tables/{name}") as content:
            yield from _chunks(content)

    @contextmanager
    def stored(self, name: str) -> Iterator[IO[bytes]]:
        """A stored file, open for reading."""
        with self._file.open(f"files/{name}") as content:
            yield content

    def verify(self, tell: Callable[[str], None] = lambda words: None) -> None:
        """Read all of it; raises NotABackup where anything is not as the manifest says."""
        wanted = {f"tables/{name}": table.sha256 for name, table in self.manifest.tables.items()}
        wanted |= {f"files/{name}": file.sha256 for name, file in self.manifest.files.items()}
        present = sorted(self._file.namelist())
        if present != sorted([*wanted, MANIFEST]):
            raise NotABackup(
                "Parts of it are missing, or there are parts that do not belong to it."
            )
        for number, (name, digest) in enumerate(wanted.items(), 1):
            try:
                with self._file.open(name) as content:
                    actual = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
            except _BROKEN as error:
                raise NotABackup(f"It is damaged at {name}.") from error
            if actual != digest:
                raise NotABackup(f"It is damaged at {name}.")
            if number % 1000 == 0:
                tell(f"checked {number} of {len(wanted)} parts")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a backup; raises NotABackup, FromNewerVersion, or an OSError where there is no file."""
    with path.open("rb") as raw:
        try:
            file = zipfile.ZipFile(raw)
        except _BROKEN as error:
            raise NotABackup("It is not whole, or another kind of file.") from error
        with file:
            try:
                content = file.read(MANIFEST)
            except KeyError:
                raise NotABackup("It has no manifest.") from None
            except _BROKEN as error:
                raise NotABackup("Its manifest cannot be read.") from error
            yield Reader(file, Manifest.load(content))


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while part := content.read(CHUNK):
        yield part
