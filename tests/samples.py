"""Small files of each kind that can be attached, and of kinds that must not be."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

_TYPES = '<?xml version="1.0"?><Types><Override ContentType="application/vnd.{kind}"/></Types>'


def pdf(*, password: str = "", script: str = "", note: str = "") -> bytes:
    """A PDF of one empty page; `note` makes its bytes differ."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Subject": note})
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject(script),
            }
        )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def picture(kind: str) -> bytes:
    """A small picture, `PNG` or `JPEG`."""
    made = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(made, kind)
    return made.getvalue()


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def office(
    kind: str = "openxmlformats-officedocument.wordprocessingml.document.main+xml", **more: str
) -> bytes:
    """An Office document, by default Word's; `more` are further parts by their names."""
    parts = {"[Content_Types].xml": _TYPES.format(kind=kind), "word/document.xml": "<w/>"}
    return packed(parts | more)


def open_document(kind: str = "text", manifest: str = "<manifest/>", **more: str) -> bytes:
    """An OpenDocument file."""
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": manifest,
            "content.xml": "<office/>",
        }
        | more
    )
