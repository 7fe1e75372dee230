from pathlib import Path

import pytest

from rules.word_lists import WordList, WordListError, read, read_all

TEXT = "# 广告词\n加微信\n刷单 # 常见\n\n! 防刷单\n加微信\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_of_words(tmp_path: Path, encoding: str):
    """Words and allow phrases are read once each, without comments, in both encodings."""
    path = tmp_path / "words.txt"
    path.write_bytes(TEXT.encode(encoding))

    assert WordList(("加微信", "刷单"), ("防刷单",)) == read(path)


def test_several_files(tmp_path: Path):
    """Several files are one list, each word once."""
    for name, text in (("a.txt", "刷单\n!可靠\n"), ("b.txt", "兼职\r\n刷单\r\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert WordList(("刷单", "兼职"), ("可靠",)) == read_all(
        [tmp_path / "a.txt", tmp_path / "b.txt"]
    )


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xe5\x88\xb7\n\xff\xff\n", "words.txt:2"),
        (b"ok\n!\n", "words.txt:2"),
        (b"x" * 101, "words.txt:1"),
        (b"x" * 5_000_001, "words.txt："),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: bytes, place: str):
    """The error names the file and, where there is one, the line."""
    path = tmp_path / "words.txt"
    path.write_bytes(content)

    with pytest.raises(WordListError, match=place):
        read(path)


def test_no_file(tmp_path: Path):
    """A file that is not there is an error that names it."""
    with pytest.raises(WordListError, match=r"nothing\.txt"):
        read(tmp_path / "nothing.txt")


def test_every_faulty_line_is_told(tmp_path: Path):
    """Of all files, each with its line; of a file that is no list, the first twenty."""
    (tmp_path / "a.txt").write_text("刷单\n!\n\u200b\n" + "长" * 101, encoding="utf-8")
    (tmp_path / "b.txt").write_text("!\n" * 25, encoding="utf-8")
    with pytest.raises(WordListError) as refused:
        read_all([tmp_path / "a.txt", tmp_path / "no.txt", tmp_path / "b.txt"])

    told = [fault.removeprefix(f"{tmp_path}/").split("：")[0] for fault in refused.value.faults]
    assert ["a.txt:2", "a.txt:3", "a.txt:4", "no.txt"] == told[:4]
    assert ["b.txt:20", "b.txt"] == told[-2:]
    assert "还有 5 行" in refused.value.faults[-1]


@pytest.mark.parametrize("name", ["/dev/zero", "/etc/passwd", "words.yaml", "folder.txt"])
def test_only_a_text_file_is_read(tmp_path: Path, name: str):
    """Whoever proposes a config cannot look into other files, nor into one that never ends."""
    (tmp_path / "words.yaml").write_text("刷单", "utf-8")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(WordListError, match="词表要是"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["\0.txt", "x" * 300 + ".txt"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str):
    """It is a fault like any other."""
    with pytest.raises(WordListError, match="读不到"):
        read(tmp_path / name)
