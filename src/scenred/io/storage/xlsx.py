"""Excel: the long scenario table as a workbook, written without a library and read from openpyxl.

Rules: ECMA-376, Office Open XML, SpreadsheetML. Written here because openpyxl cuts numbers to 16 digits, which not
every probability survives, and stamps the clock into the file. Text is `inlineStr`, which no program takes for a
formula; text that begins as a formula would (= + - @) also gets an apostrophe in front, since a sheet that is saved as
CSV has no types.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from scenred.errors import InputError, RequestError
from scenred.io.storage.facts import facts_of
from scenred.io.storage.names import unfit
from scenred.model import Facts, ScenarioSet

SHEET = "scenarios"
ABOUT = "about"  # a second sheet: what is known besides the table, a name and a value a row
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip archive knows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/><sheet name="{ABOUT}" sheetId="2" r:id="rId2"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
}


def workbook(scenarios: ScenarioSet, facts: Facts) -> bytes:
    """Return the sheet `scenarios`, which holds the long scenario table, and `about`, what is known besides.

    Raise a RequestError if the table is larger than a sheet, or a name holds a control character.
    """
    frame = scenarios.to_frame()
    if len(frame) >= MOST_ROWS or len(frame.columns) > MOST_COLUMNS:
        raise RequestError(
            f"the table has {len(frame)} rows and {len(frame.columns)} columns, more than a sheet of Excel holds",
            advice="use parquet or netcdf",
        )
    names = (*scenarios.names, *scenarios.labels, *scenarios.groups)
    broken = next((name for name in names if CONTROL.search(name)), None)
    if broken is not None:
        raise unfit(f"the name {broken!r} holds a control character, which Excel cannot", broken, names)
    rows = [list(frame.columns), *(list(row) for row in frame.astype(object).to_numpy().tolist())]
    about: list[list[Any]] = [["name", "value"], *([name, fact] for name, fact in facts.named().items())]
    parts = PARTS | {"xl/worksheets/sheet1.xml": _sheet(rows), "xl/worksheets/sheet2.xml": _sheet(about)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes on every system
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


def _sheet(rows: list[list[Any]]) -> str:
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def _cell(value: Any) -> str:
    if not isinstance(value, str):
        return f"<c><v>{value!r}</v></c>"
    text = f"'{value}" if value.startswith((*FORMULA, "'")) else value
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def read_sheet(sheet: Any, name: str) -> pd.DataFrame:
    """Return a sheet of openpyxl as a table, or raise an InputError if it has no row; messages call the file `name`."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
    if len(rows) < 2:
        raise InputError(f"sheet {sheet.title!r} holds no table", "a header and rows", place=name)
    columns = [_text(cell) for cell in rows[0]]
    frame = pd.DataFrame([[_text(cell) for cell in row] for row in rows[1:]], columns=columns)
    return frame.infer_objects()


def read_about(book: Any, name: str) -> Facts:
    """Return what the sheet `about` of a workbook of openpyxl tells; messages call the file `name`."""
    if ABOUT not in book.sheetnames:
        return Facts()
    rows = [row for row in book[ABOUT].iter_rows(values_only=True) if len(row) > 1 and row[1] is not None]
    return facts_of({str(row[0]): row[1] for row in rows}, name)


def _text(cell: Any) -> Any:
    """Take the apostrophe off that keeps a text from being a formula."""
    is_kept = isinstance(cell, str) and cell[:1] == "'" and cell[1:].startswith((*FORMULA, "'"))
    return cell[1:] if is_kept else cell
