"""Which reader a file wants, by what it is and not by what it is called."""

from directory.members_import import text, workbook
from directory.members_import.table import MAX_BYTES, Refusal, Table, Unreadable

_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx that is locked by a password
_KINDS = {
    _OLE: Refusal.OLD_EXCEL,
    b"%PDF-": Refusal.PDF,
    b"{\\rtf": Refusal.BINARY,
}


def read_file(data: bytes) -> Table:
    """The list in a file; raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Refusal.TOO_LARGE)
    for start, refusal in _KINDS.items():
        if data.startswith(start):
            raise Unreadable(refusal)
    if data.startswith(b"PK\x03\x04"):
        return workbook.read(data)
    return text.read_bytes(data)
