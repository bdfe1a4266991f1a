"""Opening a workbook that somebody sent: its size is known before it is read, and nothing in it may act."""

import warnings
from io import BytesIO
from typing import Literal
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812

from openpyxl import Workbook, load_workbook

Wrong = Literal["not_a_workbook", "encrypted", "too_large", "macros", "external_links", "corrupt", "no_export_id"]
LARGEST_FILE, LARGEST_INSIDE, MOST_PARTS = 10 << 20, 24 << 20, 2_000
READ_AT_ONCE = 1 << 16
OLE = b"\xd0\xcf\x11\xe0"
MACROS = ("vbaproject.bin", "xl/macrosheets/", "xl/activex/", "xl/dialogsheets/")
OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/embeddings/")


class Unreadable(ValueError):
    """No plan can be read from the file; `code` says why."""

    def __init__(self, code: Wrong) -> None:
        super().__init__(code)
        self.code = code


def opened(content: bytes) -> tuple[Workbook, Workbook]:
    """With the results of its formulas, and with the formulas themselves. Raises Unreadable."""
    _check(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(content), data_only=True), load_workbook(BytesIO(content))
    except Exception:  # noqa: BLE001  openpyxl raises whatever a broken part leads to
        raise Unreadable("corrupt") from None


def _check(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise Unreadable("too_large")
    if content.startswith(OLE):
        raise Unreadable("encrypted")
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_parts([name.lower() for name in archive.namelist()])
            _inflate(archive)
    except (BadZipFile, ZlibError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unreadable("not_a_workbook") from None


def _check_parts(names: list[str]) -> None:
    if "xl/workbook.xml" not in names:
        raise Unreadable("not_a_workbook")
    if len(names) > MOST_PARTS:
        raise Unreadable("too_large")
    if any(part in name for name in names for part in MACROS):
        raise Unreadable("macros")
    if any(name.startswith(OUTSIDE) for name in names):
        raise Unreadable("external_links")


def _inflate(archive: ZipFile) -> None:
    """Every part once, counting: what the archive declares need not be true."""
    inflated = 0
    for part in archive.infolist():
        with archive.open(part) as source:
            while block := source.read(READ_AT_ONCE):
                inflated += len(block)
                if inflated > LARGEST_INSIDE:
                    raise Unreadable("too_large")
                if part.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in block or b"<!ENTITY" in block):
                    raise Unreadable("corrupt")
