import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.opening import working
from bot.events import Identity

Weilu = Any
XIU = Identity("围炉", "wxid_xiu", "阿秀")


def say(code: str, who: Identity = XIU, after: timedelta = timedelta(0)) -> bool:
    """Somebody says a code in the chat; whether it made them an operator."""
    with working(Path("config.yaml")) as (_, work):
        bound = work.operators.redeem(code, who, datetime.now(UTC) + after)
        work.commit()
    return bound is not None


def code_of(ready: Weilu, *options: str) -> str:
    """A new code."""
    return str(json.loads(ready("operators", "invite", "--json", *options).out)["code"])


def test_invite(ready: Weilu):
    """The code is printed with what to do with it, and is another one each time."""
    answer = ready("operators", "invite", "--name", "阿秀")
    code = answer.out.split("绑定码：")[1].split("\n")[0]

    assert (0, 10) == (answer.status, len(code))
    assert f"绑定 {code}" in answer.out
    assert code != code_of(ready)
    assert say(code)


def test_only_a_digest_is_kept(ready: Weilu):
    """Nobody reads the code out of the database."""
    code = code_of(ready)

    assert code.encode() not in Path("data/weilu.db").read_bytes()


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
def test_it_expires(ready: Weilu, minutes: int, works: bool):  # noqa: FBT001
    """After 30 minutes the code is worth nothing."""
    assert works is say(code_of(ready), after=timedelta(minutes=minutes, seconds=-5 * works))


def test_list_and_revoke(ready: Weilu):
    """Who was bound is listed until they are revoked."""
    assert "weilu operators invite" in ready("operators", "list").out
    say(code_of(ready, "--role", "admin"))
    (listed,) = json.loads(ready("operators", "list", "--json").out)

    assert ("wxid_xiu", "阿秀", "admin") == (listed["id"], listed["name"], listed["role"])
    assert "阿秀" in ready("operators", "list").out
    assert "阿秀 不再是运营者。" in ready("operators", "revoke", "阿秀").out
    assert [] == json.loads(ready("operators", "list", "--json").out)


def test_revoke_whom(ready: Weilu):
    """Nobody of that name, or several: an error that says what to do, and nothing happens."""
    assert 1 == ready("operators", "revoke", "阿秀").status
    for who in (XIU, Identity("围炉", "wxid_two", "阿秀")):
        say(code_of(ready), who)
    answer = ready("operators", "revoke", "阿秀")

    assert (1, True) == (answer.status, "wxid_two" in answer.err)
    assert 0 == ready("operators", "revoke", "wxid_two").status
    assert 1 == len(json.loads(ready("operators", "list", "--json").out))


def test_a_wrong_role(ready: Weilu):
    """A wrong call gets a sentence."""
    answer = ready("operators", "invite", "--role", "king")

    assert (2, "") == (answer.status, answer.out)
    assert "king" in answer.err


def test_in_the_audit_trail(ready: Weilu):
    """Inviting and revoking are noted, without the code."""
    code = code_of(ready, "--name", "阿秀")
    say(code)
    ready("operators", "revoke", "阿秀")
    with working(Path("config.yaml")) as (_, work):
        deeds = work.audit.list("围炉")

    assert ["收回权限 revoke", "发绑定码 invite"] == [deed.what for deed in deeds]
    assert {"weilu cli"} == {deed.by for deed in deeds}
    assert code not in repr(deeds)
