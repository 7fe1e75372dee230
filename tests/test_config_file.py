import re
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from builders import group
from hypothesis import given
from hypothesis import strategies as st
from wrong_configs import WRONG

from bot.config_file import LARGEST, load, parse
from bot.faults import ConfigFaults, Fault
from bot.texts import Language
from handlers.settings import GroupSettings
from rules.consequences import Consequence
from rules.flood import Flood
from rules.presets import preset

SHIPPED = (Path(__file__).parents[1] / "config.yaml").read_bytes()

HEAD = "account: {}\n"
REASON = "慢一点"


def faults(text: str) -> tuple[Fault, ...]:
    """All that is wrong with a text."""
    with pytest.raises(ConfigFaults) as refused:
        parse(text.encode(), "c.yaml")
    return refused.value.faults


def in_force(text: str, name: str = "读书会") -> GroupSettings:
    """What a sound text puts in force in a group."""
    found = parse((HEAD + textwrap.dedent(text)).encode(), "c.yaml").group(group(name))
    assert found is not None
    return found


@pytest.mark.parametrize(("wrong", "line", "column", "path", "words"), WRONG)
def test_a_wrong_config_is_refused_at_its_place(
    wrong: str, line: int, column: int, path: str, words: list[str]
) -> None:
    """One fault, at its line and column, with its path, in both languages and with a hint."""
    found = faults(HEAD + wrong)
    assert [(line, column, path)] == [(one.line, one.column, one.path) for one in found]
    said = f"{found[0].message} {found[0].hint}"
    assert [] == [word for word in words if word not in said]
    assert re.search("[一-鿿]", found[0].message)
    assert re.search("[a-z]{2}", found[0].message)


def test_all_faults_come_at_once() -> None:
    """Nobody corrects one line to be told of the next."""
    found = faults("""\
        account: {gateway: wechatty}
        pace: {tries: many}
        defaults:
          keep_text_days: -1
        groups:
        - match: {}
          purpose: 3
        - match: {name: a}
          rules: {spam: {}}
        """)
    expected = [
        "account.gateway",
        "pace.tries",
        "defaults.keep_text_days",
        "groups[0].match",
        "groups[0].purpose",
        "groups[1].rules.spam",
    ]
    assert expected == [one.path for one in found]


def test_a_fault_in_the_defaults_is_told_once() -> None:
    """At its place there, not once more for each group that inherits it."""
    found = faults(
        HEAD + "time_zone: Nowhere\n"
        "defaults:\n  keep_text_days: 1.5\n  rules: {flood: {limit: 1}}\n  welcome: {enabled: 1}\n"
        "groups:\n- match: {name: a}\n- match: {name: b}\n  rules: {flood: {limit: 4}}\n"
    )
    expected = [
        (2, "time_zone"),
        (4, "defaults.keep_text_days"),
        (5, "defaults.rules.flood.reason"),
        (5, "defaults.rules.flood.limit"),
        (6, "defaults.welcome.enabled"),
    ]
    assert expected == [(one.line, one.path) for one in found]


def test_a_fault_in_an_override_points_at_the_override() -> None:
    """The defaults are in order; what the group wrote is not."""
    (found,) = faults(
        HEAD + "defaults:\n  rules: {flood: {limit: 4, reason: 慢一点}}\n"
        "groups:\n- match: {name: a}\n  rules: {flood: {limit: 1}}\n"
    )
    assert (6, 26, "groups[0].rules.flood.limit") == (found.line, found.column, found.path)


@pytest.mark.parametrize(
    "wrong",
    [
        "groups: []\nstorage: {url: 'postgresql://me:geheim@db/x'}",
        "groups: []\nstorage: {url: [geheim]}",
        "groups: []\nwechaty: {token: geheim}",
        "groups: []\naccount: {password: geheim}",
        f"groups: []\nlanguage: {'x' * 60}geheim",
        "groups: []\nwechaty: {token: {x: geheim}}",
    ],
)
def test_no_secret_and_no_long_value_is_repeated(wrong: str) -> None:
    """A fault is shown in logs and in a group of operators."""
    assert "geheim" not in "\n".join(map(str, faults(HEAD + wrong)))


def test_a_group_inherits_and_overrides() -> None:
    """Mappings melt together, key by key; lists and single values replace."""
    found = in_force("""\
        language: en
        time_zone: Europe/Paris
        defaults:
          purpose: 聊天
          keep_text_days: 7
          rules:
            keywords: {reason: 不发广告, words: [加微信, 刷单]}
            flood: {reason: 慢一点, limit: 4}
          welcome:
            text: {zh: 你好, en: hello}
        groups:
        - match: {name: 读书会}
          purpose: 读书
          rules:
            keywords: {words: [代开]}
            flood: {window: 2m}
          welcome: {expires: 1h}
          programmes:
            晚: {cron: 0 21 * * *, tags: [书]}
        """)
    assert (Language.EN, "Europe/Paris", "读书", 7) == (
        found.language,
        found.time_zone.key,
        found.purpose,
        found.keep_text_days,
    )
    flood = Flood(reason=REASON, limit=4, window=timedelta(minutes=2))
    assert flood == found.rules[1]
    assert ("代开",) == found.rules[0].model_dump()["words"]
    assert (timedelta(hours=1), "你好") == (found.welcome.expires, found.welcome.text.zh)
    assert ("书",) == found.programmes["晚"].tags


def test_rules_of_one_kind_have_names_of_their_own() -> None:
    """They are asked in the order in which they are written, the inherited ones first."""
    found = in_force("""\
        defaults:
          rules:
            带货: {rule: keywords, reason: 不发广告, words: [刷单], consequence: quiet, for: 3d}
            flood: {reason: 慢一点}
        groups:
        - match: {name: 读书会}
          rules:
            粗话: {rule: keywords, reason: 好好说话, words: [滚], shadow: true}
            带货: {words: [代开]}
        """)
    assert [
        ("带货", "keywords", Consequence.QUIET, timedelta(days=3), False),
        ("flood", "flood", Consequence.REMIND, None, False),
        ("粗话", "keywords", Consequence.REMIND, None, True),
    ] == [
        (rule.called, rule.key, rule.consequence, rule.lasting, rule.shadow) for rule in found.rules
    ]
    assert ("代开",) == found.rules[0].model_dump()["words"]


def test_a_preset_brings_words_and_reason() -> None:
    """What is written beside it overrides it."""
    found = in_force("""\
        groups:
        - match: {name: 读书会}
          rules:
            广告: {preset: 广告, reason: 先问群主}
            我的: {preset: 广告}
        """)
    assert ["先问群主", preset("广告")["reason"]] == [rule.reason for rule in found.rules]


def test_a_programme_by_days_and_hours() -> None:
    """It may take the place of an inherited cron; what it says is written the one way."""
    found = in_force("""\
        defaults:
          programmes:
            早: {cron: 0 9 * * *, grace: 1h}
        groups:
        - match: {name: 读书会}
          programmes:
            早: {cron: null, at: weekdays 9：00, quiet_days: [五一, 10-01]}
            冷: {on_silence: {for: 3h}, hold_back: {enabled: false}}
        """)
    early, silent = found.programmes.values()
    assert (None, "工作日 9:00", ("劳动节", "10月1日"), timedelta(hours=1)) == (
        early.cron,
        early.at,
        early.quiet_days,
        early.grace,
    )
    assert silent.on_silence is not None
    assert (timedelta(hours=3), 50, False) == (
        silent.on_silence.lasting,
        silent.on_silence.below,
        silent.hold_back.enabled,
    )


LISTED = """\
account: {}
groups:
- match: {name: 读书会}
  rules:
    词: {rule: keywords, reason: 慢一点, words: [代开], lists: [words.txt]}
"""


def test_words_come_from_files_beside_the_config(tmp_path: Path) -> None:
    """One a line; those behind a ! are allowed."""
    (tmp_path / "config.yaml").write_text(LISTED, encoding="utf-8")
    (tmp_path / "words.txt").write_text("刷单 # 常见\n!防刷单\n", encoding="gb18030")
    found = load(tmp_path / "config.yaml").groups[0].settings.rules[0].model_dump()
    assert (("代开", "刷单"), ("防刷单",)) == (found["words"], found["allow"])


@pytest.mark.parametrize("content", [None, "刷单\n!\n", "\u200b\n"])
def test_a_file_of_words_that_cannot_be_used_is_a_fault(
    tmp_path: Path, content: str | None
) -> None:
    """At the place where it is named; the sentence names the file."""
    (tmp_path / "config.yaml").write_text(LISTED, encoding="utf-8")
    if content is not None:
        (tmp_path / "words.txt").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigFaults) as refused:
        load(tmp_path / "config.yaml")
    (fault,) = refused.value.faults
    assert (5, "groups[0].rules.词.lists") == (fault.line, fault.path)


def test_all_faults_of_all_files_of_words(tmp_path: Path) -> None:
    """Nobody mends one line only to be told of the next."""
    (tmp_path / "config.yaml").write_text(LISTED, encoding="utf-8")
    (tmp_path / "words.txt").write_text("!\n刷单\n!\n", encoding="utf-8")
    with pytest.raises(ConfigFaults) as refused:
        load(tmp_path / "config.yaml")

    assert ["words.txt:1", "words.txt:3"] == [
        fault.message.split("/")[-1].split("：")[0] for fault in refused.value.faults
    ]


@pytest.mark.parametrize("off", ["false", "null", "~", "", "False"])
def test_an_inherited_rule_or_programme_is_switched_off(off: str) -> None:
    """With false, or with nothing behind its key."""
    found = in_force(f"""\
        defaults:
          rules: {{flood: {{reason: 慢一点}}}}
          programmes: {{早: {{cron: 0 9 * * *}}, 晚: {{cron: 0 21 * * *}}}}
        groups:
        - match: {{name: 读书会}}
          rules:
            flood: {off}
          programmes:
            早: {off}
        """)
    assert () == found.rules
    assert ["晚"] == list(found.programmes)


def test_an_empty_section_changes_nothing() -> None:
    """All its lines may be commented out."""
    found = in_force("""\
        admins:
        pace:
        defaults:
          rules: {flood: {reason: 慢一点}}
        groups:
        - match: {name: 读书会}
          rules:
          welcome:
          programmes:
        """)
    assert ["flood"] == [rule.key for rule in found.rules]
    assert in_force("defaults:\ngroups: [match: {name: 读书会}]") == GroupSettings()


@pytest.mark.parametrize(
    "word", ["22:00", "off", "no", "007", "2026-01-01", "1e5", "0x10", "1_000"]
)
def test_plain_words_stay_text(word: str) -> None:
    """YAML 1.1 would make numbers, switches and dates of them."""
    assert word == in_force(f"groups:\n- match: {{name: 读书会}}\n  purpose: {word}").purpose


def test_the_quiet_hours_are_in_the_time_zone_of_the_file() -> None:
    """Unless they name their own."""
    for own, expected in (("", "Europe/Paris"), (", time_zone: Asia/Tokyo", "Asia/Tokyo")):
        text = f"time_zone: Europe/Paris\npace: {{quiet_hours: {{from: 22:00, to: 7:00{own}}}}}\n"
        hours = parse(f"{HEAD}{text}groups: []".encode(), "c.yaml").pace.quiet_hours
        assert hours is not None
        assert expected == hours.time_zone.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_any_usual_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    """With the line endings of Windows, too."""
    path = tmp_path / "config.yaml"
    path.write_bytes(SHIPPED.decode().replace("\n", "\r\n").encode(encoding))
    assert parse(SHIPPED, "config.yaml") == load(path)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    """Missing, a folder, too large, or with an impossible name: each its own sentence."""
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    said = []
    for path in (tmp_path / "none.yaml", tmp_path, large, tmp_path / "a\x00b"):
        with pytest.raises(ConfigFaults) as refused:
            load(path)
        (fault,) = refused.value.faults
        assert (str(path), 0, 0) == (fault.file, fault.line, fault.column)
        said.append(fault.message.split(" ")[0])
    assert ["没有这个文件", "这是一个目录，不是文件", "文件超过", "读不了这个文件"] == said


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only words\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_fault(content: bytes) -> None:
    """A file that an editor is just writing must not count as a config without groups."""
    with pytest.raises(ConfigFaults, match="文件是空的"):
        parse(content, "c.yaml")


@pytest.mark.parametrize("content", [b"- a", b"text", b"3", b"null"])
def test_a_file_of_something_else_is_a_fault(content: bytes) -> None:
    """A list, a word, a number."""
    with pytest.raises(ConfigFaults, match="键: 值"):
        parse(content, "c.yaml")


def _faults_of(content: bytes) -> tuple[Fault, ...]:
    try:
        parse(content, "c.yaml")
    except ConfigFaults as refused:
        return refused.faults
    return ()


def _places_are_inside(content: bytes) -> None:
    """Bytes stand for characters here: no character is less than one."""
    lines = re.split(r"\r\n|\r|\n", content.decode("latin-1"))
    for fault in _faults_of(content):
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_faults_with_a_place_inside_the_file(content: bytes) -> None:
    """Never another exception, never a place that is not there."""
    _places_are_inside(content)


@given(st.data())
def test_a_damaged_config_gives_faults_with_a_place_inside_the_file(data: st.DataObject) -> None:
    """The shipped file with a piece cut out and something else put there."""
    start = data.draw(st.integers(0, len(SHIPPED)))
    end = data.draw(st.integers(start, min(start + 40, len(SHIPPED))))
    signs = st.text(alphabet="{}[]:,-&*!|>'\"#%@` \t\n键a0~?<\\.", max_size=8)
    piece = data.draw(signs.map(str.encode) | st.binary(max_size=4))
    _places_are_inside(SHIPPED[:start] + piece + SHIPPED[end:])


@given(st.integers(0, len(SHIPPED)))
def test_a_half_written_config_gives_faults_or_a_config(end: int) -> None:
    """Wherever writing it was interrupted."""
    _places_are_inside(SHIPPED[:end])
