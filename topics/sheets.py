"""Files as rows of cells that know their place: YAML, CSV and XLSX, within limits."""

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.decoding import Undecodable, decode
from bot.frozen import frozen
from topics.formulas import original

MOST_BYTES = 10 * 2**20
MOST_YAML_BYTES = 2 * 2**20
"""YAML is read a hundred times more slowly than CSV."""
MOST_UNPACKED = 64 * 2**20
"""An XLSX file is a zip file, and a small one may hold a mountain."""
MOST_ROWS = 50_000
MOST_COLUMNS = 50

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TOO_MANY = f"至多 {MOST_ROWS} 行 at most {MOST_ROWS} rows"


class Unreadable(Exception):  # noqa: N818 - it is shown as a fault of the file
    """The file cannot be read at all; the words say why, `line` and `column` where."""

    def __init__(self, said: str, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(said)
        self.line = line
        self.column = column
        self.hint = hint


@frozen
class Cell:
    """A text and its place, from 1; `many` are the texts of a list."""

    text: str
    line: int
    column: int
    many: tuple[str, ...] | None = None


@frozen
class Row:
    """One entry: its cells, each with its heading, in the order of the file."""

    line: int
    column: int
    cells: tuple[tuple[Cell, Cell], ...]


def rows_of(path: Path) -> list[Row]:
    """The entries of a file. Raises Unreadable."""
    reader = _reader(path.suffix)
    return list(reader(_content(path)))


def rows_in(form: str, content: bytes) -> list[Row]:
    """The entries of what a file of this form (`.csv`, …) holds. Raises Unreadable."""
    return list(_reader(form)(content))


def _reader(form: str) -> Callable[[bytes], Iterator[Row]]:
    readers = {".yaml": _yaml, ".yml": _yaml, ".csv": _csv, ".tsv": _csv, ".xlsx": _xlsx}
    reader = readers.get(form.lower())
    if reader is None:
        raise Unreadable(
            "只能读 .yaml、.csv、.xlsx only .yaml, .csv and .xlsx can be read",
            hint="旧的 .xls 请另存为 .xlsx save an old .xls as .xlsx",
        )
    return reader


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"读不到文件 the file cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise Unreadable(f"文件超过 {MOST_BYTES >> 20} MiB the file is larger than that")
    return content


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 with or without BOM as their programs write them, or GB18030."""
    try:
        if content.startswith(_UTF16):
            content = content.decode("utf-16").encode()
        return decode(content)
    except Undecodable as error:
        raise Unreadable(str(error), error.line, error.column) from None
    except UnicodeError:
        raise Unreadable("UTF-16 不完整 this UTF-16 is broken") from None


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), strict=True, delimiter=max(",;\t", key=first.count)
    )
    return _table(_records(lines))


def _records(lines: Any) -> Iterator[tuple[int, list[str]]]:
    """Each record and the line that it begins in."""
    while True:
        begins = lines.line_num + 1
        try:
            yield begins, next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "引号没有合上？ is a quotation mark not closed?"
            raise Unreadable(f"CSV 写法有误 not valid CSV: {error}", begins, 1, hint) from None


def _xlsx(content: bytes) -> Iterator[Row]:
    """The first sheet. Formulas are read as they are written, and never computed."""
    from openpyxl import load_workbook  # needed by few, and slow to load

    _refuse_mountains(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            records = [
                (line, [_written(value) for value in values])
                for line, values in enumerate(
                    book.worksheets[0].iter_rows(
                        max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
                    ),
                    start=1,
                )
            ]
            book.close()
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file leads to
        raise Unreadable(f"不是完好的 XLSX not a sound XLSX file: {error}") from None
    return _table(iter(records))


def _refuse_mountains(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile:
        raise Unreadable("不是 XLSX 文件 this is no XLSX file") from None
    if unpacked > MOST_UNPACKED:
        raise Unreadable(f"解开后超过 {MOST_UNPACKED >> 20} MiB unpacked it is larger than that")


def _written(value: object) -> str:
    """What a cell shows, roughly; 3.0 was a 3 and a formula is its text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


def _table(records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows below a line of headings; empty lines and cells without heading and text are nothing."""
    heads: list[Cell] = []
    for count, (line, texts) in enumerate(records):
        if count > MOST_ROWS:
            raise Unreadable(_TOO_MANY, line, 1)
        cells = [Cell(original(text), line, column) for column, text in enumerate(texts, start=1)]
        if not any(text.strip() for text in texts):
            continue
        if heads:
            yield _row(line, heads, cells)
        else:
            heads = cells


def _row(line: int, heads: list[Cell], cells: list[Cell]) -> Row:
    """Cells beyond the headings have an empty one, at their own place."""
    beyond = [Cell("", cell.line, cell.column) for cell in cells[len(heads) :]]
    pairs = zip((*heads, *beyond), cells, strict=False)
    return Row(line, 1, tuple((h, c) for h, c in pairs if h.text.strip() or c.text.strip()))


def _yaml(content: bytes) -> Iterator[Row]:
    """A list of topics, or one under `topics:`."""
    from ruamel.yaml import YAML, nodes  # as above
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    from bot.yaml_words import in_plain_words

    if len(content) > MOST_YAML_BYTES:
        raise Unreadable(
            f"YAML 超过 {MOST_YAML_BYTES >> 20} MiB this YAML is larger than that",
            hint="这么多话题请用 CSV use CSV for so many topics",
        )
    try:
        root = YAML(typ="safe", pure=True).compose(_decoded(content))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said, hint = in_plain_words(error)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise Unreadable(said, line, column, hint) from None
    except (YAMLError, RecursionError) as error:
        raise Unreadable(f"YAML 写法有误 not valid YAML: {type(error).__name__}") from None
    if isinstance(root, nodes.MappingNode) and [k.value for k, _ in root.value] == ["topics"]:
        root = root.value[0][1]
    if root is None:
        return iter(())
    if not isinstance(root, nodes.SequenceNode):
        raise Unreadable(
            "应当是一列话题 a list of topics is expected",
            1,
            1,
            "每个话题以「- 」开头 begin each with “- ”",
        )
    if len(root.value) > MOST_ROWS:
        raise Unreadable(_TOO_MANY)
    return (_entry(node) for node in root.value)


def _entry(node: Any) -> Row:
    line, column = _place(node)
    if not isinstance(node.value, list) or not all(isinstance(pair, tuple) for pair in node.value):
        raise Unreadable("应当是一个话题（title、text …） a topic is expected here", line, column)
    return Row(line, column, tuple((_cell(name), _cell(value)) for name, value in node.value))


def _cell(node: Any) -> Cell:
    """A scalar as its text, a list as its texts."""
    line, column = _place(node)
    if not isinstance(node.value, list):
        return Cell("" if node.tag.endswith(":null") else node.value, line, column)
    if any(isinstance(getattr(child, "value", ()), list | tuple) for child in node.value):
        raise Unreadable("这里套得太深 this is nested too deeply", line, column)
    return Cell("", line, column, many=tuple(child.value for child in node.value))


def _place(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
