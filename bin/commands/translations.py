"""Are the Finnish and Swedish texts complete? English needs none: the msgids are English.

The scripts have no catalogue of their own: the pages give them their words from this one, and
tests hold that the lists of those words (editor_strings.py, strings.py) lack none.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bin.commands import databases

LANGUAGES = ["fi", "sv"]
UNFINISHED = {  # msgattrib's options, and what the texts that they find are
    "--untranslated": "without a translation",
    "--only-fuzzy": "fuzzy",
}


def problems(files: list[Path], environment: dict[str, str]) -> list[str]:
    """Gather all texts of the files anew in a copy, and name those that a catalogue lacks."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for file in files:
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            (copy / file).write_bytes((databases.ROOT / file).read_bytes())
        (copy / "locale").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "django", "makemessages", "--no-location", "--verbosity=0"]
        subprocess.run(
            [*command, *(f"--locale={language}" for language in LANGUAGES)],
            cwd=copy,
            env={**environment, "PYTHONPATH": str(databases.ROOT)},
            check=True,
        )
        catalogues = sorted(copy.glob("locale/*/LC_MESSAGES/*.po"))
        return [problem for catalogue in catalogues for problem in unfinished(catalogue, copy)]


def unfinished(catalogue: Path, root: Path) -> list[str]:
    """Texts that the catalogue names without translating them, and wrong placeholders."""
    name = catalogue.relative_to(root)
    found = []
    for option, meaning in UNFINISHED.items():
        command = ["msgattrib", "--no-wrap", "--no-obsolete", option, str(catalogue)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        for quoted in re.findall(r'^msgid ((?:".*"\n)+)', result.stdout, re.MULTILINE):
            text = "".join(re.findall(r'"(.*)"', quoted))
            if text:  # the empty one is the catalogue's head
                found.append(f"{name}: {meaning}: {text}")
    command = ["msgfmt", "--check-format", "--output-file=/dev/null", str(catalogue)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return found + [f"{name}: {line}" for line in result.stderr.splitlines()]
