import pytest

from bot.texts import Language
from storage.values import TopicKind, TopicStatus
from topics.fields import CHOICES, COLUMNS, LISTS, clean, parse
from topics.sheets import Cell


def value(name: str, text: str, *many: str) -> object:
    """What is read from a cell with this text, or from a list."""
    return parse(name, Cell(text, 1, 1, many or None))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("title", " 一杯\n茶 ", "一杯 茶"),
        ("text", "第一行\n\n第二行 ", "第一行\n\n第二行"),
        ("link", "https://例子.cn/读?a=1#b", "https://例子.cn/读?a=1#b"),
        ("picture", "图/茶.JPG", "图/茶.JPG"),
        ("picture", "http://example.com/a", "http://example.com/a"),
        ("tags", "读书、 推荐，读书;破冰|新人", ("读书", "推荐", "破冰", "新人")),
        ("stages", "起步\n增长", ("起步", "增长")),
        ("season", "冬天、10-24；中秋节", ("冬", "10月24日", "中秋")),
        ("season", "2026-02-10 00:00:00", ("2026-02-10",)),
        ("language", "双语", Language.BOTH),
        ("language", "EN", Language.EN),
        ("kind", "Professional", TopicKind.PROFESSIONAL),
        ("status", "休息", TopicStatus.RESTING),
        ("weight", "100", 100),
    ],
)
def test_fields(name: str, text: str, expected: object):
    """Each is read from what people write."""
    assert expected == value(name, text)


@pytest.mark.parametrize("name", COLUMNS)
def test_nothing_written(name: str):
    """An empty cell is no fault of any field."""
    assert value(name, " ") in ("", None, ())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("link", "example.com", "http://"),
        ("link", "javascript:alert(1)", "http://"),
        ("link", "https://example.com/a b", "http://"),
        ("link", "https://[", "http://"),
        ("link", f"https://example.com/{'a' * 1000}", "http://"),
        ("picture", "茶.exe", ".png"),
        ("picture", "file:///etc/passwd", ".png"),
        ("tags", "、".join(map(str, range(21))), "20"),
        ("stages", "长" * 21, "20"),
        ("season", "圣诞", "10月24日"),
        ("season", "、".join(["冬"] * 21), "20"),
        ("language", "法文", "双语 both"),
        ("weight", "0", "1 到 100"),
        ("weight", "²", "1 到 100"),
        ("goal", "长" * 41, "至多 40"),
    ],
)
def test_faults(name: str, text: str, said: str):
    """Anything else is refused, with what can be written."""
    with pytest.raises(ValueError, match=said):
        value(name, text)


@pytest.mark.parametrize("name", [name for name in COLUMNS if name not in LISTS])
def test_no_list(name: str):
    """A list is a fault where one text is expected, and else each of it may hold several."""
    with pytest.raises(ValueError, match=r"expected|whole number"):
        value(name, "", "一", "二")
    assert ("一", "二", "三") == value("tags", "", "一、二", "三")


def test_the_choices():
    """Where few words are allowed each has one Chinese name."""
    for name, words in CHOICES.items():
        assert name in COLUMNS
        assert len(words) == len({*words.values()})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 好\u0007\ufeff\ud800吗 \n", "好吗"),
        ("一\u2028二", "一\n二"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_unseen(text: str, expected: str):
    """What nobody sees goes; line breaks stay, and emoji stay whole."""
    assert expected == clean(text)
