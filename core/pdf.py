"""HTML in, PDF out: PDF/A-2a and PDF/UA-1 at once, the same bytes for the same input.

The only module that imports WeasyPrint. What it adds to WeasyPrint:

- only the fonts of our packages are seen, whatever else the machine has, so a PDF looks the same
  everywhere; a character that none of them has is printed as U+FFFD, because a missing glyph
  (.notdef) would break PDF/A;
- structure elements carry the language of their part (`lang`), definition lists pair their labels
  with their bodies, running headers and footers are artifacts;
- the metadata name both standards, uncompressed. WeasyPrint writes either, not both.

WeasyPrint's fonts are shared by all PDFs of a process and bear one thread at a time.
"""

import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from unicodedata import normalize
from xml.sax.saxutils import escape

import pydyf
from django.conf import settings
from fontTools.ttLib import TTFont

from core import pdf_tags

logger = logging.getLogger(__name__)

# The typeface, and what has the letters it lacks, in the order in which they are asked. The last is
# Debian's fonts-dejavu-core, which Pango's own package brings along: arrows, shapes, mathematics.
_FONT_FOLDERS = (
    Path(str(files("font_source_sans_pro"))) / "files",
    Path(str(files("manimgx_fonts"))),
    Path("/usr/share/fonts/truetype/dejavu"),
)
_FONT_FILES = ("SourceSansPro-*.ttf", "NotoSans*.ttf", "NotoEmoji*.ttf", "DejaVuSans*.ttf")
_FAMILIES = ("Source Sans Pro", "Noto Sans", "Noto Sans Symbols", "Noto Emoji", "DejaVu Sans")

PRODUCER = "Yhteispöytä"
HOUSE_STYLES = ("css/lists.css", "pdf/print.css")

_lock = threading.Lock()


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Say something to a library that listens to the environment only."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Let fontconfig, while it starts, see our fonts only."""
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in _FONT_FOLDERS)
    wanted = "".join(f"<glob>*/{name}</glob>" for name in _FONT_FILES)
    fallback = "".join(f"<family>{name}</family>" for name in _FAMILIES)
    with tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as config:
        config.write(
            "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>"
            f"<fontconfig>{folders}<cachedir prefix='xdg'>fontconfig</cachedir>"
            "<selectfont><rejectfont><glob>*</glob></rejectfont>"
            f"<acceptfont>{wanted}</acceptfont></selectfont>"
            f"<alias><family>sans-serif</family><prefer>{fallback}</prefer></alias>"
            "<alias binding='same'><family>emoji</family><prefer><family>Noto Emoji</family>"
            "</prefer></alias>"
            # Ligatures would be copied as one odd character. Said here and not in the style sheet,
            # where WeasyPrint would leak a list of features for each line of each document.
            "<match target='font'><edit name='fontfeatures' mode='assign'>"
            "<string>liga 0</string><string>clig 0</string></edit></match></fontconfig>"
        )
        config.flush()
        with _environment("FONTCONFIG_FILE", config.name):
            yield


with _own_fonts():  # importing WeasyPrint looks for fonts already
    import weasyprint
    from weasyprint.formatting_structure.boxes import MarginBox
    from weasyprint.pdf import tags as weasyprint_tags
    from weasyprint.text.fonts import FontConfiguration


# WeasyPrint offers no hook for the structure tree; a test shows that this one still takes.
weasyprint_tags._build_box_tree = pdf_tags.completed(weasyprint_tags._build_box_tree, MarginBox)


class _Nothing(weasyprint.urls.URLFetcher):
    """A document brings everything with it: nothing is fetched, from nowhere."""

    def fetch(self, url: str, headers: object = None) -> object:
        raise ValueError(f"not fetched: {url}")


def render_pdf(
    html: str,
    *,
    title: str,
    language: str,
    author: str,
    created: datetime,
    base_url: str | None = None,
    styles: tuple[str, ...] = HOUSE_STYLES,
) -> bytes:
    """Set a whole HTML document as PDF/A-2a and PDF/UA-1.

    `created` (with a time zone) dates the file: nothing else in it tells when it was made.
    `styles` are paths below the static folder, `base_url` is what relative links are relative to.
    """
    stamp = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    html = _printable(html)
    # fontTools would write the time of day into a variable font.
    with _lock, _environment("SOURCE_DATE_EPOCH", str(int(created.timestamp()))):
        document = weasyprint.HTML(
            string=html, base_url=base_url, url_fetcher=_Nothing(), media_type="print"
        ).render(font_config=fonts(), stylesheets=stylesheets(styles))
        metadata = document.metadata
        metadata.title, metadata.authors, metadata.lang = title, [author], language
        metadata.created = metadata.modified = stamp
        metadata.generator = PRODUCER
        identifier = sha256(f"{stamp}{title}{html}".encode()).hexdigest()[:32].encode()
        for padding in range(8):
            file: bytes = document.write_pdf(
                finisher=partial(_finish, padding=padding),
                pdf_variant="pdf/a-2a",
                pdf_identifier=identifier,
            )
            if _AMBIGUOUS_END not in file:
                break
    return file


@lru_cache(maxsize=1)
def fonts() -> FontConfiguration:
    """The fonts of this process, found once."""
    with _own_fonts():
        return FontConfiguration()


@lru_cache(maxsize=8)
def stylesheets(styles: tuple[str, ...] = HOUSE_STYLES) -> list[weasyprint.CSS]:
    """Style sheets below the static folder, parsed once."""
    static = settings.BASE_DIR / "static"
    return [weasyprint.CSS(filename=static / style, font_config=fonts()) for style in styles]


# Packed data that happen to end in a carriage return (one file in thirty has some) run into the
# line's end before "endstream": a reader cannot tell how long they are (ISO 19005-2, 6.1.7.1).
_AMBIGUOUS_END = b"\r\nendstream"


def _finish(document: weasyprint.Document, pdf: pydyf.PDF, *, padding: int) -> None:
    """The last touch before WeasyPrint writes the file.

    `padding` makes what is packed so many bytes longer, and so end in another byte.
    """
    if padding:
        _pad(pdf, padding)
    pdf_tags.mark_artifacts(pdf)
    pdf_tags.name_every_glyph(pdf)
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    producer = pdf.info["Producer"].string
    stream.stream, stream.compress = [_xmp(document.metadata, producer).encode()], False


def _pad(pdf: pydyf.PDF, padding: int) -> None:
    """Append what nobody reads. Not zeros: the packed data's last byte is a sum of all bytes."""
    for stream in [stream for stream in pdf.objects if isinstance(stream, pydyf.Stream)]:
        if "Length1" in stream.extra:  # a font
            stream.stream = [b"".join(stream.stream) + b"\1" * padding]
            stream.extra["Length1"] += padding
        elif "N" not in stream.extra:  # a page's contents or a font's characters, no colour profile
            stream.stream.append(b" " * padding)
    for _ in range(padding):
        pdf.add_object(pydyf.Dictionary())


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 pdfaid:part="2" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" pdf:Producer="{producer}"
 xmp:CreatorTool="{generator}" xmp:CreateDate="{created}" xmp:ModifyDate="{created}"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def _xmp(metadata: weasyprint.document.DocumentMetadata, producer: str) -> str:
    """The file's metadata: what it is, and that it conforms to both standards."""
    values = {
        "producer": producer,
        "generator": metadata.generator,
        "created": metadata.created,
        "title": metadata.title,
        "author": ", ".join(metadata.authors),
        "language": metadata.lang,
    }
    quoted = {key: escape(value, {'"': "&quot;"}) for key, value in values.items()}
    return _XMP.format_map(quoted)


# Not for print: controls, noncharacters, annotations. What is ignored anyway needs no glyph.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u0890\u0891\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]"
)
_SEPARATORS = str.maketrans("\u2028\u2029", "\n\n")
_IGNORABLE = frozenset(map(chr, (*range(0x200B, 0x2010), 0x2060, 0xAD, 0xFE0F, 0xFE0E, 0xFEFF)))
_WHITE_SPACE = frozenset("\t\n\r")


def _printable(html: str) -> str:
    """`html` without what no font of ours can draw, so that no .notdef gets into the file."""
    html = _CONTROLS.sub("", normalize("NFC", html)).translate(_SEPARATORS)
    unusual = set(html) - _typeface() - _IGNORABLE - _WHITE_SPACE
    missing = unusual - _all_characters() if unusual else ()
    if missing:
        logger.warning("no font for %s", " ".join(f"U+{ord(sign):04X}" for sign in sorted(missing)))
        html = html.translate({ord(sign): "\N{REPLACEMENT CHARACTER}" for sign in missing})
    return html


def _characters(file: Path) -> set[str]:
    with TTFont(file, lazy=True) as font:
        return set(map(chr, font.getBestCmap()))


@lru_cache(maxsize=1)
def _typeface() -> frozenset[str]:
    return frozenset(_characters(_FONT_FOLDERS[0] / "SourceSansPro-Regular.ttf"))


@lru_cache(maxsize=1)
def _all_characters() -> frozenset[str]:
    files = {file for folder in _FONT_FOLDERS for name in _FONT_FILES for file in folder.glob(name)}
    return frozenset().union(*map(_characters, files))
