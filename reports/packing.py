"""The finished workbook as bytes: formulas carry their results, and the same input gives the same file."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
TYPE = re.compile(r' t="[^"]*"')
MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(book: Workbook, shown: Sequence[Mapping[str, Any]]) -> bytes:
    """`shown`: for each sheet, in order, the results of its formulas.

    openpyxl writes formulas without results; a preview and Excel's protected view, which is how a download opens, do
    not calculate and would show nothing.
    """
    written, packed = BytesIO(), BytesIO()
    book.save(written)
    results = {f"xl/worksheets/sheet{index}.xml": cells for index, cells in enumerate(shown, start=1)}
    created = book.properties.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    with ZipFile(written) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name in results:
                content = _with_results(content.decode(), results[name]).encode()
            elif name == "docProps/core.xml":
                content = MODIFIED.sub(rf"\g<1>{created}\g<2>", content.decode()).encode()
            target.writestr(ZipInfo(name, EPOCH), content, ZIP_DEFLATED)
    return packed.getvalue()


def _with_results(xml: str, shown: Mapping[str, Any]) -> str:
    def filled(found: re.Match[str]) -> str:
        address, attributes, formula = found.groups()
        value = shown[address]
        kind = ' t="str"' if isinstance(value, str) else ""
        attributes = TYPE.sub("", attributes) + kind
        return f'<c r="{address}"{attributes}><f>{formula}</f><v>{escape(str(value))}</v></c>'

    return FORMULA.sub(filled, xml)
