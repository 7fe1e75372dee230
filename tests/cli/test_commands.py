import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import joined, said

from bot.actions import Priority, Say
from bot.events import Group
from storage.database import Database
from storage.values_of_order import PactRule

Weilu = Callable[..., Any]  # the fixture in conftest.py: runs `weilu …`, returns what it said
GROUP = Group("围炉", "g1@room", "围炉读书会")


def remember(*texts: str) -> None:
    """Something happened in 围炉读书会, in the database of this folder."""
    database = Database("sqlite:///data/weilu.db")
    now = datetime.now(UTC)
    with database.work() as work:
        work.groups.see(GROUP, managed=True, at=now)
        for text in texts:
            message = said(text, by="小林[/red]", group=GROUP, at=now)
            work.messages.add(message, keep_text=True)
            work.memberships.seen(GROUP, message.author, now)
        work.memberships.join(joined("小明", group=GROUP, at=now))
        say = {"key": "k1", "why": "因为要说 because", "priority": Priority.TOPIC}
        work.outbox.stage(Say(to=GROUP, text="你好", **say), now)
        work.commit()
    database.close()


def test_check_a_valid_file(weilu: Weilu):
    """A valid file is said to have no faults, and each group is shown."""
    answer = weilu("check")

    assert (0, True, True) == (answer.status, "没有问题" in answer.out, "围炉读书会" in answer.out)


def test_check_a_faulty_file(weilu: Weilu):
    """A typo is named with file, line, column and the nearest key, exit status 2, no traceback."""
    path = Path("config.yaml")
    path.write_text(path.read_text().replace("limit: 8", "limt: 8"))

    answer = weilu("check")

    assert 2 == answer.status
    assert "limit" in answer.err
    line = 1 + path.read_text().splitlines().index("      limt: 8")
    assert f"config.yaml:{line}:7" in answer.err
    assert "Traceback" not in answer.err


def test_check_a_missing_file(weilu: Weilu):
    """A file that is not there is a clear sentence."""
    answer = weilu("check", "--config", "nowhere.yaml")

    assert (2, True) == (answer.status, "nowhere.yaml" in answer.err)


def test_schema_is_json(weilu: Weilu):
    """The schema is JSON, for editors."""
    assert "properties" in json.loads(weilu("check", "--schema").out)


@pytest.mark.parametrize("words", [("rnu",), ("run", "--nope"), ("members", "export"), ("rules",)])
def test_a_wrong_call(weilu: Weilu, words: tuple[str, ...]):
    """A wrong call is answered with a sentence and status 2, or with the help."""
    answer = weilu(*words)

    assert "Traceback" not in answer.err
    assert answer.status == 2 or "命令" in answer.out


def test_without_a_database(weilu: Weilu):
    """Before the first `weilu run` one is made, and it is said that nothing is in it yet."""
    answer = weilu("report")

    assert (0, True) == (answer.status, "先 weilu run 或 weilu demo" in answer.err)
    assert 0 == weilu("operators", "invite").status
    assert "还没有" in weilu("operators", "list").out


def test_no_backup_of_nothing(weilu: Weilu):
    """There is nothing to keep safe: that is said, and no file is made."""
    assert 1 == weilu("db", "backup", "copy.db").status
    assert not Path("copy.db").exists()


def test_upgrade_twice(weilu: Weilu):
    """Upgrading makes the database; doing it again changes nothing and says so."""
    assert "→" in weilu("db", "upgrade").out
    assert "已是最新" in weilu("db", "upgrade").out


def test_topics(ready: Weilu):
    """The starter bank is imported once, listed, and the same file updates instead of doubling."""
    starter = str(Path(__file__).parents[2] / "topics" / "starter.yaml")

    first = json.loads(ready("topics", "import", starter, "--json").out)
    second = json.loads(ready("topics", "import", starter, "--json").out)
    listed = json.loads(ready("topics", "list", "--json").out)

    assert first["new"] == len(listed) >= 120
    assert (0, 0, first["new"]) == (second["new"], second["updated"], second["unchanged"])
    assert listed[0]["title"] in ready("topics", "list").out.replace("\n", "")


def test_faulty_topics(ready: Weilu, tmp_path: Path):
    """A faulty file imports nothing and says where it is wrong."""
    file = tmp_path / "t.csv"
    file.write_text("key,title,text\na,题目,正文？\nb,,没有标题\n", encoding="utf-8")

    answer = ready("topics", "import", str(file))

    assert (2, True) == (answer.status, "3" in answer.err)
    assert [] == json.loads(ready("topics", "list", "--json").out)


def test_next_topic(ready: Weilu):
    """Each programme of each known group says what it would post."""
    remember("你好")
    ready("topics", "import", str(Path(__file__).parents[2] / "topics" / "starter.yaml"))

    (row,) = json.loads(ready("topics", "next", "--json").out)

    assert ("围炉读书会", "早间话题") == (row["group"], row["programme"])
    assert row["topic"]


def test_members(ready: Weilu, tmp_path: Path):
    """A person is shown, exported, and forgotten for good."""
    remember("大家好", "我是小林")

    (card,) = json.loads(ready("members", "show", "小林", "--json").out)
    assert 2 == card["messages"]
    table = ready("members", "show", "小林").out
    assert "小林[/red]" in table
    assert "Shanghai" in table.replace("\n", "")

    exported = tmp_path / "小林.json"
    assert 0 == ready("members", "export", "小林", "--to", str(exported)).status
    assert "大家好" in exported.read_text(encoding="utf-8")
    assert 1 == ready("members", "export", "小林", "--to", str(exported)).status

    assert 0 == ready("members", "forget", "小林", "--yes").status
    assert "没有找到" in ready("members", "show", "小林").err


def test_which_member(ready: Weilu):
    """Several people of one name: nothing happens until one is meant."""
    remember("大家好")

    answer = ready("members", "forget", "小", "--yes")

    assert (1, True) == (answer.status, "不止一位" in answer.err)
    assert 2 == len(json.loads(ready("members", "show", "--json").out))


def test_outbox(ready: Weilu):
    """What waits is listed with its reason, cancelled once, and sending is stopped and resumed."""
    remember()
    (row,) = json.loads(ready("outbox", "list", "--json").out)

    assert ("pending", "因为要说 because") == (row["state"], row["why"])
    assert 0 == ready("outbox", "cancel", str(row["id"])).status
    assert 1 == ready("outbox", "cancel", str(row["id"])).status
    assert "没有待办" in ready("outbox", "list").out
    assert 0 == ready("outbox", "stop").status
    assert "发送已停止" in ready("report").out
    assert 0 == ready("outbox", "resume").status
    assert "发送已停止" not in ready("report").out


def test_report(ready: Weilu):
    """A report says what happened, as words and as JSON."""
    assert "数据库还是空的" in ready("report").err
    remember("一", "二", "三")

    report = json.loads(ready("report", "--json").out)

    assert [("围炉读书会", 3)] == [(one["group"], one["messages"]) for one in report["groups"]]
    assert "3 条消息" in ready("report").out
    assert (2, True) == (
        (wrong := ready("report", "--since", "昨天")).status,
        "30s、10m" in wrong.err,
    )
    assert 1 == ready("report", "--group", "没有这个群").status


def test_rules_that_were_not_announced(ready: Weilu):
    """Until a group was told, the report says what that means."""
    remember("一")
    database = Database("sqlite:///data/weilu.db")
    with database.work() as work:
        rule = PactRule("keywords", "禁用词", "慢慢来", "x")
        pact = work.pacts.propose(GROUP, [rule], datetime.now(UTC))
        work.commit()
        assert "群规第 1 版还没有公布" in ready("report").out
        assert [1] == [
            each["rules_not_posted"] for each in json.loads(ready("report", "--json").out)["groups"]
        ]
        work.pacts.mark_posted(GROUP, pact.version, datetime.now(UTC))
        work.commit()
    database.close()

    assert "还没有公布" not in ready("report").out


def test_help_by_locale(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """Messages are Chinese by default and English where the locale says so."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    assert "no faults" in weilu("check").out

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert "没有问题" in weilu("check").out


def test_secrets_are_never_shown(weilu: Weilu, monkeypatch: pytest.MonkeyPatch):
    """A password in the database's address is in no message."""
    monkeypatch.setenv("WEILU_DATABASE_URL", "postgresql+psycopg://u:hunter2@127.0.0.1:1/x")

    answer = weilu("report")

    assert (1, False) == (answer.status, "hunter2" in answer.out + answer.err)


def test_a_backup(ready: Weilu):
    """A copy in a new file, told with its name; a second one of that name is refused."""
    remember("早")
    first, second = ready("db", "backup", "copy.db"), ready("db", "backup", "copy.db")

    assert (0, 1) == (first.status, second.status)
    assert "copy.db" in first.out
    assert "不会覆盖" in second.err
    assert Path("copy.db").stat().st_size > 0
