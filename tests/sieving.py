"""Texts as people and attackers write them, and a rule of every kind: what sieves are tried on."""

from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path

from builders import NOON, person, said
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.events import Kind, Message
from rules.base import Rule
from rules.contact_bait import ContactBait
from rules.coordinated import Coordinated
from rules.discovery import all_rules
from rules.flood import Flood
from rules.keywords import Keywords
from rules.kinds import Kinds
from rules.length import Length
from rules.links import Links
from rules.mentions import Mentions
from rules.newcomer import Newcomer
from rules.nickname import Nickname
from rules.patterns import Patterns
from rules.presets import names, preset
from rules.quiet_hours import QuietHours
from rules.repeats import Repeats
from rules.steps import Step

_TABLES = Path(__file__).parent / "rules"
_HOSTILE = (
    *(
        "\n",
        "\r\n",
        "\x00",
        "\x1e",
        "\u2028",
        "\ud800",
        "\udfff",
        "\u200b",
        "\U0010ffff",
        " ",
        "，",
    ),
    *(
        "@",
        "＠所有人",
        "@all",
        "@小林\u2005",
        "微",
        "信",
        "加",
        "薇信",
        "V",
        "vx",
        "k",
        "\u212a",
        "ß",
    ),
    *(
        "刷",
        "单",
        "刷单",
        "13800138000",
        "一三八",
        "零",
        "1 3 8",
        "0013",
        "8000",
        "400-123-456",
        "ｂ",
    ),
    *(
        "example.com",
        "bad",
        ".",
        "。",
        "点com",
        "http://",
        "例子.中国",
        "[强]",
        "😂",
        "加加加",
        "AA",
    ),
    *("^", "$", "代", "开", "代开", "x" * 30, "长" * 12, "扫码", "进群", "abc_123", "微信："),
)


@lru_cache(maxsize=1)
def told() -> tuple[str, ...]:
    """The sentences of the tables: evasions, offences, innocent and ordinary talk."""
    texts: list[str] = []
    for name in ("evasions", "offences", "innocents", "ordinary"):
        table = YAML(typ="safe", pure=True).load((_TABLES / f"{name}.yaml").read_text("utf-8"))
        texts += _strings(table)
    return tuple(texts)


def _strings(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    within = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for each in within for text in _strings(each)]


def texts() -> st.SearchStrategy[str]:
    """Sentences, pieces of what rules look for, and anything else, put together."""
    piece = st.one_of(
        st.sampled_from(told()), st.sampled_from(_HOSTILE), st.text(st.characters(), max_size=5)
    )
    return st.lists(piece, max_size=6).map("".join)


def messages() -> st.SearchStrategy[Message]:
    """What a member may say, of any kind."""
    return st.builds(
        said,
        texts(),
        by=st.sampled_from(("小林", "阿青-工厂", "", "\ud800")),
        at=st.sampled_from((0, 1, 59, 600, 13 * 3600)).map(lambda s: NOON + timedelta(seconds=s)),
        kind=st.sampled_from((Kind.TEXT, Kind.CONTACT, Kind.URL, Kind.IMAGE)),
        mentions=st.sampled_from(((), (person("小林"),), (person("小林"), person("阿青")))),
        link=st.sampled_from(("", "", "https://bad.example/x")),
        title=st.sampled_from(("", "", "", "刷单")),
        picture=st.sampled_from((b"", b"", b"no picture")),
    )


@lru_cache(maxsize=1)
def every_kind() -> tuple[Rule, ...]:
    """Rules of every kind, the presets and odd settings among them."""
    kinds = all_rules()
    presets = [(name, preset(name)) for name in names()]
    return (
        *(kinds[fields.pop("rule")].model_validate(fields | {"name": n}) for n, fields in presets),
        Keywords(name="词", reason="慢慢来", words=("刷单", "代开", "k"), allow=("防刷单",)),
        Keywords(name="邻", reason="慢慢来", near={"代": ("开", "加")}, part=True),
        Keywords(
            name="生", reason="慢慢来", words=("刷单", "微信"), without=(Step.CASE, Step.SEPARATORS)
        ),
        Keywords(name="写", reason="慢慢来", words=("微信",), spellings={"微信": ("[薇威]x",)}),
        Patterns(name="式", reason="慢慢来", patterns=(r"代.{0,8}开", r"^加", r"开$", r"\bk\b")),
        Patterns(
            name="首", reason="慢慢来", patterns=(r"\A加", r"开\z", r"(?-m)^k", r"(?s)^.b.*$")
        ),
        Patterns(name="归", reason="慢慢来", patterns=("加微", "[^好]单"), read="normalised"),
        Patterns(name="原", reason="慢慢来", patterns=("V", "\\Q加*"), read="original", case=True),
        ContactBait(name="都", reason="慢慢来", hotlines=True, codes="any"),
        ContactBait(name="话", reason="慢慢来", codes="off", phones=False, ids=False),
        Links(name="链", reason="慢慢来", deny=("bad.example",), others="deny"),
        Links(name="放", reason="慢慢来", allow=("example.com",)),
        Kinds(reason="慢慢来", kinds=(Kind.CONTACT,)),
        Flood(reason="慢慢来", limit=2),
        Repeats(reason="慢慢来", limit=1),
        Length(reason="慢慢来", characters=20, lines=3),
        Mentions(reason="慢慢来", limit=1),
        Coordinated(reason="慢慢来", accounts=2, groups=2),
        Newcomer(reason="慢慢来", within=timedelta(days=1)),
        QuietHours(reason="慢慢来", start=time(1), end=time(5)),
        QuietHours(name="午", reason="慢慢来", start=time(12), end=time(12, 1), weekdays=(5,)),
        Nickname(reason="慢慢来", form="称呼-公司"),
    )
