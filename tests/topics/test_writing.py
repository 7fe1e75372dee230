import csv
import io
from pathlib import Path

import pytest
from any_topics import asked, topics
from hypothesis import example, given, settings
from openpyxl import load_workbook

import topics as room
from storage.values import Topic
from topics import writing
from topics.fields import COLUMNS
from topics.files import read
from topics.writing import Unwritable, written

STARTER = Path(room.__file__).parent / "starter.yaml"


def there_and_back(folder: Path, form: str, some: list[Topic]) -> tuple[Topic, ...]:
    """What is read from what was written."""
    path = folder / f"bank{form}"
    path.write_bytes(written(some, form))
    return read(path)


@pytest.mark.parametrize("form", [".yaml", ".csv", ".xlsx"])
@settings(max_examples=40)
@given(some=topics())
@example(some=[asked("=1", title="null", text="'=1\n\n  +2\n# 3", tags=("~", "null"))])
@example(some=[asked("- a", title="? b", text="a: b\n---\nc", author="_x0041_")])
def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, form: str, some: list[Topic]):
    """Whatever the topics, what is exported comes back as it was."""
    assert tuple(some) == there_and_back(tmp_path_factory.getbasetemp(), form, some)


@pytest.mark.parametrize("form", [".yaml", ".csv", ".xlsx"])
def test_the_starter_bank(tmp_path: Path, form: str):
    """All of it comes back from every form."""
    starter = read(STARTER)

    assert starter == there_and_back(tmp_path, form, [*starter])


def test_yaml_reads_like_the_starter_bank():
    """What is plain stands plain; what no topic has is left out."""
    topic = asked(
        "tea", title="一杯茶", text="第一杯，\n是什么？", tags=("早晨",), goal="早起: 七点"
    )

    assert (
        "- key: tea\n"
        "  title: 一杯茶\n"
        "  text: |-\n"
        "    第一杯，\n"
        "    是什么？\n"
        "  kind: universal\n"
        '  category: ""\n'
        "  tags: [早晨]\n"
        '  goal: "早起: 七点"\n'
        "  weight: 1\n"
        "  status: approved\n"
    ) == written([topic], ".yaml").decode()


def test_csv_for_spreadsheets():
    """A mark of UTF-8, Chinese headings and words, and no cell that is a formula."""
    content = written([asked("=cmd|' /C calc'!A0", text="@所有人 你呢？")], ".csv")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))

    assert content.startswith(b"\xef\xbb\xbf")
    assert [*COLUMNS.values()] == head
    assert ["'=cmd|' /C calc'!A0", "'@所有人 你呢？"] == [row[0], row[2]]
    assert ["万能", "中文", "可用"] == [row[3], row[11], row[15]]


def test_no_formula_in_a_workbook(tmp_path: Path):
    """Every cell is a text; where few words are allowed there is a list to choose from."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(written([asked("a", text='=HYPERLINK("http://example.com")')], ".xlsx"))
    sheet = load_workbook(path).worksheets[0]

    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert ['"万能,专业"', '"中文,英文,双语"', '"待审,可用,休息,停用"'] == [
        choice.formula1 for choice in sheet.data_validations.dataValidation
    ]


def test_what_nobody_sees_is_left_out(tmp_path: Path):
    """A control character that came from elsewhere does not spoil the file."""
    topic = asked("a", title="题\x00\x1b目", text="一\u2028二\ufeff？")

    for form in (".yaml", ".csv", ".xlsx"):
        (back,) = there_and_back(tmp_path, form, [topic])
        assert ("题目", "一\n二？") == (back.title, back.text)


@pytest.mark.parametrize("form", [".doc", "", ".xls"])
def test_other_files(form: str):
    """Only files that can be imported are written."""
    with pytest.raises(Unwritable, match=r"\.xlsx"):
        written([asked("a")], form)


def test_too_much_for_one_file(monkeypatch: pytest.MonkeyPatch):
    """A file that could not be imported again is not written; the way out is named."""
    monkeypatch.setattr(writing, "MOST_YAML_BYTES", 100)

    with pytest.raises(Unwritable, match="--tag"):
        written([asked("a"), asked("b")], ".yaml")
