"""CSV as it is exported: UTF-8 with or without BOM, UTF-16 with one, cp1252; comma, semicolon or tab."""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOBase
from pathlib import Path
from typing import Any

from storage.sources.problems import UnreadableFile

SNIFFED = 1 << 16
# A line longer than this cannot be made of cells that csv would accept.
LONGEST_LINE = 4 << 20
DELIMITERS = ",;\t|"

Record = tuple[int, list[Any]]


def records(path: Path, encoding: str | None = None) -> Iterator[Record]:
    """Line number and cells of every record, the header first; raises UnreadableFile."""
    encoding = encoding or detected(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            delimiter = _delimiter(file.readline(SNIFFED))
            file.seek(0)
            reader = csv.reader(_lines(file), delimiter=delimiter, strict=False)
            line = 1
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
    except (UnicodeError, LookupError):
        raise UnreadableFile("wrong_encoding", encoding=encoding) from None
    except csv.Error:
        raise UnreadableFile("cell_too_large", line=line, limit=csv.field_size_limit()) from None


def _lines(file: TextIOBase) -> Iterator[str]:
    """Lines of bounded length, so that a cell without an end is refused and not read."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise UnreadableFile("cell_too_large", line=number, limit=csv.field_size_limit())
        if "\0" in line:
            raise UnreadableFile("binary", line=number)
        yield line


def _delimiter(header: str) -> str:
    """The separator that the header uses most, outside of quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def detected(path: Path) -> str:
    """The encoding of a file: UTF-8 if all of it is, else cp1252."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            while block := file.read(1 << 20):
                if b"\0" in block:
                    raise UnreadableFile("binary", line=1)
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
