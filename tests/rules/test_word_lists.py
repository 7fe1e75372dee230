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
