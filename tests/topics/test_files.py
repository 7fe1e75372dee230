import csv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from storage.values import Topic, TopicKind, TopicStatus
from topics.files import TopicFaults, read

Places = list[tuple[int, int, str]]
HEAD = "代号,标题,内容,类型,标签\n"
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def to(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to


def faults(path: Path) -> Places:
    """Line, column and field of each fault."""
    with pytest.raises(TopicFaults) as caught:
        read(path)
    return [(fault.line, fault.column, fault.path) for fault in caught.value.faults]


FULL = Topic(
    key="now",
    title="正在读的那本",
    text="读到哪里了？\n说一句。",
    kind=TopicKind.PROFESSIONAL,
    category="读书",
    tags=("读书", "推荐"),
    author="阿秀",
    source="群聊",
    weight=3,
    status=TopicStatus.PROPOSED,
)


def test_yaml(write: Write):
    """Every field, under its English name."""
    path = write(
        "topics.yaml",
        """\
topics:
- key: now
  title: 正在读的那本
  text: |
    读到哪里了？
    说一句。
  kind: professional
  category: 读书
  tags: [读书, 推荐]
  author: 阿秀
  source: 群聊
  weight: 3
  status: proposed
""",
    )

    assert (FULL,) == read(path)


SHEET = (
    "代号,标题,内容,类型,分类,标签,作者,来源,权重,状态\n"
    'now,正在读的那本,"读到哪里了？\n说一句。",专业,读书,读书、推荐,阿秀,群聊,3,待审\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv(write: Write, encoding: str):
    """Every field, under its Chinese name, in every encoding that spreadsheets write."""
    assert (FULL,) == read(write("话题.csv", SHEET.encode(encoding)))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(write: Write, separator: str):
    """Some spreadsheets separate by semicolons, and by tabs in UTF-16."""
    text = separator.join(("title", "text")) + "\n" + separator.join(("题", "问，答？"))

    (topic,) = read(write("t.csv", text.encode("utf-16")))
    assert ("题", "问，答？") == (topic.title, topic.text)


def book(path: Path, *rows: Sequence[object]) -> Path:
    """A workbook with these rows."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def test_xlsx(tmp_path: Path):
    """Every field; a number is a number whether it looks like 3 or 3.0."""
    head = [*SHEET.split("\n", 1)[0].split(",")]
    values = [
        "now",
        "正在读的那本",
        "读到哪里了？\n说一句。",
        "专业",
        "读书",
        "读书，推荐",
        "阿秀",
        "群聊",
        3.0,
        "待审",
    ]

    assert (FULL,) == read(book(tmp_path / "话题.xlsx", head, [], values))


def test_formulas_are_text(tmp_path: Path, write: Write):
    """A formula is the text that it is, never its value."""
    formula = '=HYPERLINK("http://example.com","点我")'
    in_book = read(book(tmp_path / "f.xlsx", ["title", "text"], ["题", formula]))
    in_csv = read(write("f.csv", 'title,text\n题,"=HYPERLINK(""http://example.com"",""点我"")"'))

    assert [formula] * 2 == [in_book[0].text, in_csv[0].text]


def test_a_topic_is_known_by_its_title(write: Write):
    """Without a key the title is the key, and the defaults hold."""
    assert (Topic(key="题", title="题", text="问？"),) == read(
        write("t.csv", "标题,内容\n题,问？\n")
    )


def test_all_faults_at_once(write: Write):
    """Each fault has its row and column, all are told, and nothing is imported."""
    path = write(
        "t.csv",
        f"{HEAD}a,,问？,万能,\nb,题,问？,随便,\n,{'长' * 61},问？,,\na,二,问？,,\na,三,问？,,\n",
    )

    assert [(2, 1, "title"), (3, 4, "kind"), (4, 2, "title"), (6, 1, "key")] == faults(path)


def test_rows_are_counted_as_written(write: Write):
    """A cell of several lines and empty lines do not shift the rows below."""
    path = write("t.csv", 'title,text\n题,"一\n二"\n\n又一题,\n')

    assert [(5, 1, "text")] == faults(path)


def test_unknown_columns(write: Write):
    """A column that is not known is a fault at its heading, with the nearest known name."""
    path = write("t.csv", "titel,text\n题,问？\n")

    with pytest.raises(TopicFaults, match="title"):
        read(path)
    assert (1, 1, "titel") == faults(path)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- title: 题\n  txt: 问？\n", [(2, 3, "txt")]),
        ("- title: 题\n  text: [问？]\n", [(2, 9, "text")]),
        ("- title: 题\n  text: 问？\n  weight: 重\n", [(3, 11, "weight")]),
        ("- title: 题\n  text: 问？\n  weight: 101\n", [(3, 11, "weight")]),
        ("- title: 题\n  text: 问？\n  title: 又\n", [(3, 3, "title")]),
        ("- title: 题\n  text: ~\n", [(1, 3, "text")]),
        ("- 题\n", [(1, 3, "")]),
        ("title: 题\n", [(1, 1, "")]),
        ("- title: 题\n  tags: [[一]]\n", [(2, 9, "")]),
        ("- title: [题\n", [(2, 1, "")]),
        ("[" * 1000, [(0, 0, "")]),
        ("- *a\n", [(1, 3, "")]),
        ("", [(0, 0, "")]),
        ("- title: 题\x07\n", [(1, 11, "")]),
        (f"- title: 题\n  text: 问\n  tags: [{'长' * 21}]\n", [(3, 9, "tags")]),
    ],
)
def test_yaml_faults(write: Write, text: str, expected: Places):
    """Where each thing is wrong, by line and column."""
    assert expected == faults(write("t.yaml", text))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.txt", b"", "yaml"),
        ("t.xls", b"", "xlsx"),
        ("t.csv", b"title,text\n\xff\xff\xff\xfe,x\n", "UTF-8"),
        ("t.csv", b"\xff\xfea", "UTF-16"),
        ("t.csv", b'title,text\na,"b\n', "CSV"),
        ("t.csv", b"title,text\n", "没有话题"),
        ("t.xlsx", b"not a zip", "XLSX"),
        ("t.xlsx", b"PK\x05\x06" + bytes(18), "XLSX"),
        ("t.csv", b"a" * (10 * 2**20 + 1), "10 MiB"),
        ("t.yaml", b"#" * (2 * 2**20 + 1), "2 MiB"),
    ],
)
def test_what_cannot_be_read(write: Write, name: str, content: bytes, said: str):
    """Each is one sentence, in both languages, never a traceback."""
    with pytest.raises(TopicFaults, match=said):
        read(write(name, content))


def test_a_file_that_is_not_there(tmp_path: Path):
    """So is a missing file."""
    with pytest.raises(TopicFaults, match="读不到文件"):
        read(tmp_path / "none.csv")


def test_a_mountain_in_a_zip(tmp_path: Path):
    """A small workbook that would unpack to a mountain is refused before it is unpacked."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", bytes(65 * 2**20))

    with pytest.raises(TopicFaults, match="64 MiB"):
        read(path)


def test_too_many_rows(write: Write):
    """Fifty thousand topics are enough."""
    with pytest.raises(TopicFaults, match="50000"):
        read(write("t.csv", "title,text\n" + "题,问\n" * 50_001))


def test_very_many_faults_are_counted(write: Write):
    """All faults are there, but only the first are written out."""
    with pytest.raises(TopicFaults, match="另有 10 处") as caught:
        read(write("t.csv", "title,text\n" + "题,\n" * 60))

    assert 60 == len(caught.value.faults)


def test_unseen_characters_are_dropped(tmp_path: Path):
    """What a spreadsheet hides in a cell does not get into a topic."""
    (topic,) = read(book(tmp_path / "t.xlsx", ["title", "text"], ["题\n目\t一", " 问\u0085？ "]))

    assert ("题 目一", "问？") == (topic.title, topic.text)


def outcome(path: Path) -> tuple[object, ...]:
    """The topics of a file, or its faults."""
    try:
        return read(path)
    except TopicFaults as trouble:
        return trouble.faults


@given(st.binary(max_size=300))
def test_hostile_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    """Whatever the bytes, the answer is topics or faults."""
    path = tmp_path_factory.getbasetemp() / "hostile"
    for suffix in (".csv", ".yaml", ".xlsx"):
        path = path.with_suffix(suffix)
        path.write_bytes(content)
        assert outcome(path)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


@given(st.lists(CELLS, min_size=1, max_size=6, unique_by=str.casefold), CELLS)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], text: str
):
    """Topics written as CSV and as a workbook come back as they were."""
    folder = tmp_path_factory.getbasetemp()
    with (folder / "round.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["title", "text"], *([title, text] for title in titles)])
    workbook = book(folder / "round.xlsx", ["title", "text"], *([t, text] for t in titles))

    for path in (folder / "round.csv", workbook):
        topics = read(path)
        assert [(title, text) for title in titles] == [(one.title, one.text) for one in topics]
