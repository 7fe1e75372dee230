"""`weilu operators`: who may act in the chat, tied to their account by a one-time code."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from bot.cli import frame
from bot.cli.leaving import leave
from bot.cli.opening import DEFAULT, AsJson, ConfigPath, out, working
from bot.cli.speech import tr
from bot.shown import shown
from storage.values_of_order import Operator, OperatorRole
from storage.work import Work

VALID_FOR = timedelta(minutes=30)

app = frame.new()

_BY = "weilu cli"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Those that nobody takes for one another when reading a code aloud."""
_LENGTH = 10  # 49 bits, and five guesses an hour


@app.command("invite", help=tr("给新运营者一个绑定码", "a code that makes an operator"))
def invite(
    role: Annotated[
        OperatorRole, typer.Option("--role", help=tr("运营者还是管理员", "operator or admin"))
    ] = OperatorRole.OPERATOR,
    name: Annotated[
        str, typer.Option("--name", help=tr("给谁的，只为备查", "whom it is for, as a note"))
    ] = "",
    config: ConfigPath = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The code is shown this once; the database keeps only a digest of it."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    now = datetime.now(UTC)
    with working(config) as (loaded, work):
        work.operators.invite(role, code, now + VALID_FOR, _BY, now)
        account = loaded.account.name
        work.audit.note(account, _BY, "发绑定码 invite", shown(name)[:100], role.value, now)
        work.commit()
    if as_json:
        typer.echo(json.dumps({"code": code, "expires": (now + VALID_FOR).isoformat()}))
        return
    minutes = int(VALID_FOR.total_seconds() // 60)
    out.print(
        tr(
            f"绑定码：{code}\n请对方私聊围炉：绑定 {code}\n只能用一次，{minutes} 分钟内有效；"
            "不会再显示。",
            f"Code: {code}\nAsk them to write to Weilu in private: bind {code}\n"
            f"Good for one use within {minutes} minutes; it is not shown again.",
        ),
        markup=False,
    )


@app.command("list", help=tr("有哪些运营者", "list the operators"))
def list_(config: ConfigPath = DEFAULT, as_json: AsJson = False) -> None:
    """Those who were bound by a code; those in config.yaml are listed there."""
    with working(config) as (loaded, work):
        found = work.operators.all(loaded.account.name)
    if as_json:
        typer.echo(json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        out.print(
            tr(
                "还没有用绑定码加入的运营者。weilu operators invite 给出一个码。",
                "Nobody was bound by a code yet. weilu operators invite gives one.",
            )
        )
        return
    out.print(_table(found, loaded.time_zone))


@app.command("revoke", help=tr("收回运营者的权限", "take the rights back"))
def revoke(
    who: Annotated[
        str,
        typer.Argument(
            help=tr("名字或平台 id", "name or platform id"),
            show_default=False,
        ),
    ],
    config: ConfigPath = DEFAULT,
) -> None:
    """Counts from their next word on, also while Weilu runs."""
    now = datetime.now(UTC)
    with working(config) as (loaded, work):
        one = _only(work, loaded.account.name, who)
        work.operators.revoke(one.identity, now, _BY)
        work.audit.note(
            loaded.account.name, _BY, "收回权限 revoke", one.identity, one.role.value, now
        )
        work.commit()
    name = shown(one.name or one.identity.id)
    out.print(
        tr(f"{name} 不再是运营者。", f"{name} is no operator any more."),
        markup=False,
    )


def _only(work: Work, account: str, who: str) -> Operator:
    """The one meant; several or none is a clear error, and nothing happens."""
    found = [each for each in work.operators.all(account) if who in (each.name, each.identity.id)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise leave(
            tr(
                f"没有叫 {shown(who)} 的运营者。weilu operators list 可查；"
                "写在 config.yaml 里的请在那里删。",
                f"No operator is called {shown(who)}. See weilu operators list; those in"
                " config.yaml are taken out there.",
            )
        )
    ids = "\n".join(f"  {shown(each.identity.id)}  {shown(each.name)}" for each in found)
    raise leave(tr(f"不止一位，请用 id 指定：\n{ids}", f"More than one; say which by id:\n{ids}"))


def _plain(operator: Operator) -> dict[str, str]:
    return {
        "id": operator.identity.id,
        "name": operator.name,
        "role": operator.role.value,
        "since": operator.since.isoformat(),
    }


def _table(found: list[Operator], zone: ZoneInfo) -> Table:
    roles = {
        OperatorRole.OPERATOR: tr("运营者", "operator"),
        OperatorRole.ADMIN: tr("管理员", "admin"),
    }
    table = Table(
        tr("名字", "name"),
        tr("身份", "role"),
        tr("平台 id", "platform id"),
        tr(f"从（{zone}）", f"since ({zone})"),
    )
    for each in found:
        since = f"{each.since.astimezone(zone):%Y-%m-%d %H:%M}"
        cells = (each.name, roles[each.role], each.identity.id, since)
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table
