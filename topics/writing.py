"""Writes topics into a file that operators edit and import again: YAML, CSV or XLSX."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from storage.values import Topic
from topics.fields import CHOICES, COLUMNS, LISTS, clean
from topics.formulas import literal
from topics.sheets import MOST_BYTES, MOST_YAML_BYTES

_ALWAYS = ("key", "title", "text", "kind", "category", "tags", "weight", "status")
"""What stands in every YAML file; the rest stands there if any of its topics has it."""

_BARE = re.compile(r"[A-Za-z\u4e00-\u9fff“《][^\n:#,\[\]{}&*!|>'\"%@`\\]*|[1-9][0-9]*")
_WIDTHS = {"title": 24, "text": 60, "tags": 20, "link": 20, "source": 20}

_UNUSED = {each.name: each.default for each in dataclasses.fields(Topic)}

Fields = Mapping[str, Any]


class Unwritable(Exception):  # noqa: N818 - it is shown to whoever named the file
    """The topics cannot be written like this; the words say why and what to do."""


def written(topics: Iterable[Topic], form: str) -> bytes:
    """The content of a file of this form (`.yaml`, `.csv`, `.xlsx`). Raises Unwritable.

    What is read back from it is what was written. Sheets have Chinese headings and every column,
    and no cell of theirs is a formula.
    """
    writer, most = _writer(form)
    content = writer(fields_of(topics))
    if len(content) > most:
        raise Unwritable(
            f"文件会超过 {most >> 20} MiB，导不回来：请用 .csv，或用 --tag、--status 分开导出"
            " the file would be too large to be imported: use .csv, or --tag and --status for parts"
        )
    return content


def fields_of(topics: Iterable[Topic]) -> list[Fields]:
    """Each topic's fields by their names, clean as the reader would have read them."""
    return [{name: _plain(getattr(topic, name)) for name in COLUMNS} for topic in topics]


def _writer(form: str) -> tuple[Callable[[list[Fields]], bytes], int]:
    match form.lower():
        case ".yaml" | ".yml":
            return as_yaml, MOST_YAML_BYTES
        case ".csv":
            return as_csv, MOST_BYTES
        case ".xlsx":
            return as_xlsx, MOST_BYTES
    raise Unwritable("文件名要以 .yaml、.csv 或 .xlsx 结尾 name a .yaml, .csv or .xlsx file")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(clean, value))
    return clean(value) if isinstance(value, str) else value


def as_yaml(rows: Sequence[Fields]) -> bytes:
    """A list of topics with English names, each with the same fields."""
    used = [
        name
        for name in COLUMNS
        if name in _ALWAYS or any(row[name] != _UNUSED[name] for row in rows)
    ]
    lines = []
    for row in rows:
        fields = (f"{name}: {_yaml(row[name])}" for name in used)
        lines.append("- " + "\n  ".join(fields))
    return ("\n".join(lines) + "\n").encode()


def _yaml(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_scalar(each) for each in value)}]"
    text = str(value)
    if "\n" in text:
        return "|-\n" + "\n".join(f"    {line}" for line in text.split("\n"))
    return _scalar(text)


def _scalar(text: str) -> str:
    if _BARE.fullmatch(text) and text == text.rstrip() and text.casefold() != "null":
        return text
    return json.dumps(text, ensure_ascii=False)


def as_csv(rows: Sequence[Fields]) -> bytes:
    """UTF-8 with a mark, which spreadsheets need to see that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_table(rows))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Fields], notes: Sequence[tuple[str, ...]] = ()) -> bytes:
    """A workbook: the topics, with lists to choose from where only a few words are allowed.

    The notes, if any, fill a second sheet, which is not read back.
    """
    from openpyxl import Workbook  # needed by few, and slow to load

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "话题 topics"
    for line, values in enumerate(_table(rows), start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(line, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    _make_handy(sheet)
    if notes:
        beside = book.create_sheet("说明 notes")
        for note in notes:
            beside.append(note)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _make_handy(sheet: Any) -> None:
    from openpyxl.utils import get_column_letter  # as above
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.freeze_panes = "A2"
    for place, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 12)
        if words := CHOICES.get(name):
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}2:{letter}50001")


def _table(rows: Sequence[Fields]) -> Iterable[list[str | int]]:
    yield [*COLUMNS.values()]
    for row in rows:
        yield [_cell(name, row[name]) for name in COLUMNS]


_WORDS = {name: {value: zh for zh, value in words.items()} for name, words in CHOICES.items()}


def _cell(name: str, value: Any) -> str | int:
    if name in CHOICES:
        return _WORDS[name][value]
    if isinstance(value, int):
        return value
    return literal("、".join(value) if name in LISTS else str(value))
