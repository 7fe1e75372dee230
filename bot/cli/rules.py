"""`weilu rules`: what the rules would find."""

import json
import sys
from typing import Annotated

import typer

from bot.cli import frame
from bot.cli.opening import DEFAULT, FAULTY, AsJson, ConfigPath, leave, out, read_config
from bot.cli.speech import tr
from bot.clock import SystemClock
from bot.config import Config
from bot.events import Group, Identity, Message
from bot.shown import shown
from handlers.settings import GroupSettings
from rules.base import Finding, Past

app = frame.new()


@app.callback()
def rules() -> None:
    """Keep `test` a subcommand: more will stand beside it."""


@app.command("test", help=tr("试一句话会碰到哪些规则", "what the rules would find in a text"))
def try_text(
    text: Annotated[
        str,
        typer.Argument(
            help=tr("要试的话；- 表示从标准输入逐行读", "the text; - reads lines from stdin"),
            show_default=False,
        ),
    ],
    config: ConfigPath = DEFAULT,
    group: Annotated[
        str | None, typer.Option("--group", "-g", help=tr("群名", "the group's name"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Says which rule would match, where and why. Rules about the past see none here."""
    settings = _settings(read_config(config), group)
    lines = (line.rstrip("\n") for line in sys.stdin) if text == "-" else (text,)
    for line in lines:
        findings = _judge(settings, line)
        if as_json:
            typer.echo(json.dumps(_plain(line, findings), ensure_ascii=False))
        else:
            _show(settings, line, findings)


def _settings(config: Config, name: str | None) -> GroupSettings:
    """The settings of the named group, or of the first entry in the file."""
    wanted = name if name is not None else config.first_group_name()
    settings = config.group(Group(config.account.name, wanted, wanted))
    if settings is None:
        raise leave(
            tr(
                f"配置里没有哪一条适用于群「{shown(wanted)}」：围炉不会理会这个群。",
                f"No entry of the config applies to the group “{shown(wanted)}”: it is left alone.",
            ),
            FAULTY,
        )
    return settings


def _judge(settings: GroupSettings, text: str) -> list[Finding]:
    somebody = Identity("", "somebody", "")
    message = Message(id="", group=None, author=somebody, at=SystemClock().now(), text=text)
    found = (rule.judge(message, Past()) for rule in settings.rules)
    return [finding for finding in found if finding]


def _show(settings: GroupSettings, text: str, findings: list[Finding]) -> None:
    if not findings:
        out.print(tr("没有碰到任何规则：", "No rule matches: ") + shown(text), markup=False)
    reasons = {rule.key: rule.reason for rule in settings.rules}
    for finding in findings:
        start, end = finding.span
        marked = shown(f"{text[:start]}【{text[start:end]}】{text[end:]}")
        out.print(f"{finding.rule}：{marked}", markup=False, style="yellow")
        out.print(f"  {shown(finding.detail)}\n  {reasons[finding.rule]}", markup=False)


def _plain(text: str, findings: list[Finding]) -> dict[str, object]:
    return {
        "text": text,
        "findings": [
            {"rule": found.rule, "span": list(found.span), "detail": found.detail}
            for found in findings
        ],
    }
