"""The command `weilu`: each noun or verb in a file of its own, gathered here."""

import contextlib
import gc
import os
import sys
import tempfile
import traceback
from importlib import import_module
from types import ModuleType

# typer carries its own click, not re-exported
from typer._click.core import Command, Context
from typer._click.exceptions import UsageError
from typer.exceptions import Abort
from typer.main import get_command, get_group

from bot.cli import frame
from bot.cli.speech import tr

_COMMANDS = {
    "run": ("bot.cli.run", tr("启动围炉", "start Weilu")),
    "check": ("bot.cli.check", tr("检查配置文件", "check the config file")),
    "demo": ("bot.cli.demo", tr("看一个群的一天", "watch a day of a lively group")),
    "report": ("bot.cli.report", tr("各群近况，读自数据库", "what happened, from the database")),
    "topics": ("bot.cli.topics", tr("话题库", "the topic bank")),
    "rules": ("bot.cli.rules", tr("试一试规则", "try the rules")),
    "members": ("bot.cli.members", tr("成员：查看、导出、遗忘", "members")),
    "operators": ("bot.cli.operators", tr("运营者：邀请、查看、收回", "the operators")),
    "outbox": ("bot.cli.outbox", tr("发件箱：查看、恢复、取消", "the outbox")),
    "db": ("bot.cli.database", tr("数据库", "the database")),
}
"""Where each is, and what it is for. A module holds commands as `app`, or one of its own name."""


class _Weilu(frame.Group):
    """Loads a command when it is called for: starting one need not wait for all the others."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 the frame's signature
        """All of them, in our order."""
        return list(_COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """One of them, loaded."""
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            self.add_command(_load(cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """The one that was called for; where there is none, the nearest is suggested."""
        if args[0] not in _COMMANDS:
            for name in _COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _load(name: str) -> Command:
    place, purpose = _COMMANDS[name]
    module = _imported(place)
    if hasattr(module, "app"):
        group = get_group(module.app)
        group.name, group.help = name, purpose
        return group
    alone = frame.new()
    alone.command(name, help=purpose)(getattr(module, name))
    return get_command(alone)


def _imported(place: str) -> ModuleType:
    """A module and all it needs: they make no rubbish, so looking for some would be in vain."""
    gc.disable()
    try:
        return import_module(place)
    finally:
        gc.freeze()
        gc.enable()


app = _Weilu(
    name="weilu",
    help=tr(
        "围炉：让微信群有秩序、有话聊的机器人。",
        "Weilu, a bot that keeps WeChat and WeCom groups alive and in order.",
    ),
    no_args_is_help=True,
)


def main() -> None:
    """Run the command line; a wrong call gets a sentence, never a traceback."""
    try:
        status = app(standalone_mode=False)
    except UsageError as usage:
        from bot.cli.opening import FAULTY, leave  # slow to import, and this is rare

        hint = usage.ctx.command_path if usage.ctx else "weilu"
        said = leave(
            tr(
                f"命令写得不对：{usage.format_message()}\n用 {hint} --help 看用法。",
                f"That call is off: {usage.format_message()}\nSee {hint} --help.",
            ),
            FAULTY,
        )
        sys.exit(said.exit_code)
    except (Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a person
        from bot.cli.opening import leave

        sys.exit(leave(_unexpected(error)).exit_code)
    sys.exit(status if isinstance(status, int) else 0)


def _unexpected(error: Exception) -> str:
    """A sentence for a fault of ours; the traceback goes into a file that can be sent to us.

    A new file each time: of a name known beforehand another user could have made a link.
    """
    kept = tr("详情没能写下来", "the details could not be written down")
    with contextlib.suppress(OSError):
        number, file = tempfile.mkstemp(prefix="weilu-error-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8", errors="replace") as details:
            details.write("".join(traceback.format_exception(error)))
        kept = tr(f"详情在 {file}，请发给我们", f"the details are in {file}, please send it to us")
    return tr(
        f"围炉出了没料到的错（{type(error).__name__}），已记下的都在；{kept}。",
        f"Something unexpected went wrong ({type(error).__name__}), nothing recorded is lost; "
        f"{kept}.",
    )
