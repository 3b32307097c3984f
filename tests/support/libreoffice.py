"""LibreOffice as a person uses it: opens the annotated spreadsheet, answers, sorts, saves.

A Basic macro in a profile of its own does it: the program ends by itself, nothing is waited for.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "csv": "Text - txt - csv (StarCalc)"}
_PATIENCE = 180

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""

_BASIC = """
Sub Main
  On Error GoTo Failed
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
  sheet = doc.Sheets.getByName("Constats")
{steps}
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName" : how(0).Value = "{filter}"
  doc.storeToURL("{target}", how())
  doc.close(True)
  StarDesktop.terminate()
  Exit Sub
Failed:
  Open "{target}.failed" For Output As #1
  Print #1, Error$ & " (line " & Erl & ")"
  Close #1
  StarDesktop.terminate()
End Sub

Function Column(sheet, title) As Long
  For c = 0 To 30
    If sheet.getCellByPosition(c, 3).String = title Then Column = c
  Next
End Function

Sub Answer(sheet, rule, unit, word, value, reason, author)
  ruled = Column(sheet, "Règle") : named = Column(sheet, "Structure")
  For r = 4 To 400
    If sheet.getCellByPosition(ruled, r).String = rule And _
       Left(sheet.getCellByPosition(named, r).String, Len(unit)) = unit Then
      sheet.getCellByPosition(Column(sheet, "Réponse"), r).String = word
      ' As typed: LibreOffice makes a number of it where the cell lets it.
      sheet.getCellByPosition(Column(sheet, "Nouvelle valeur"), r).Formula = value
      sheet.getCellByPosition(Column(sheet, "Motif"), r).String = reason
      sheet.getCellByPosition(Column(sheet, "Auteur"), r).String = author
      Exit Sub
    End If
  Next
End Sub

Sub SortByStructure(sheet)
  sheet.unprotect("")
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  Dim fields(0) As New com.sun.star.table.TableSortField
  fields(0).Field = Column(sheet, "Structure") : fields(0).IsAscending = False
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "SortFields" : how(0).Value = fields()
  how(1).Name = "ContainsHeader" : how(1).Value = False
  last = cursor.RangeAddress
  sheet.getCellRangeByPosition(0, 4, last.EndColumn, last.EndRow).sort(how())
  ' And filters: hidden rows are rows all the same.
  sheet.Rows.getByIndex(5).IsVisible = False
End Sub
"""


def program() -> str:
    """LibreOffice's program; the test is skipped where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip(
            "no LibreOffice here (apt-get install libreoffice-calc): the same round trip is "
            "tested without it"
        )
    return found


def saved(
    data: bytes,
    folder: Path,
    kind: str,
    answers: Sequence[tuple[str, str, str, str, str, str]] = (),
    *,
    sort: bool = False,
) -> bytes:
    """The workbook, answered and saved by LibreOffice in another format.

    Args:
        data: an annotated spreadsheet.
        folder: an empty one.
        kind: xlsx, ods or csv (of the first sheet).
        answers: rule, structure, word, new value, reason and author of each line.
        sort: whether the person takes the protection off, sorts and filters.
    """
    source, target = folder / "recu.xlsx", folder / f"rendu.{kind}"
    source.write_bytes(data)
    # The first start fills a new profile, and would write over a macro that lies there.
    _run(folder, "--terminate_after_init")
    library = folder / "profile" / "user" / "basic" / "Standard"
    steps = [f"  Answer(sheet, {', '.join(map(_quoted, one))})" for one in answers]
    if sort:
        steps.append("  SortByStructure(sheet)")
    basic = _BASIC.format(
        source=source.as_uri(), target=target.as_uri(), filter=FILTERS[kind], steps="\n".join(steps)
    )
    (library / "Module1.xba").write_text(_MODULE.format(escape(basic)), encoding="utf-8")
    _run(folder, "macro:///Standard.Module1.Main")
    failed = target.with_name(f"{target.name}.failed")
    assert not failed.exists(), failed.read_text(encoding="utf-8")
    return target.read_bytes()


def _run(folder: Path, what: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program(), profile, "--headless", "--norestore", what]
    subprocess.run(command, check=True, timeout=_PATIENCE, capture_output=True)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
