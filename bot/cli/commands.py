"""Every command of `weilu`, each noun or verb in a file of its own, gathered here."""

# typer carries its own click, not re-exported
from typer._click.core import Command, Context
from typer._click.exceptions import UsageError
from typer.exceptions import Abort
from typer.main import get_command, get_group

from bot.cli import frame
from bot.cli.importing import imported
from bot.cli.leaving import FAULTY, leave
from bot.cli.speech import tr
from bot.cli.usage import in_words

COMMANDS = {
    "run": ("bot.cli.run", tr("启动围炉", "start Weilu")),
    "check": ("bot.cli.check", tr("检查配置文件", "check the config file")),
    "demo": ("bot.cli.demo", tr("看一个群的一天", "watch a day of a lively group")),
    "report": ("bot.cli.report", tr("各群近况，读自数据库", "what happened, from the database")),
    "topics": ("bot.cli.topics", tr("话题库", "the topic bank")),
    "rules": ("bot.cli.rules", tr("试一试规则", "try the rules")),
    "members": ("bot.cli.members", tr("成员：查看、导出、遗忘", "members")),
    "operators": ("bot.cli.operators", tr("运营者：邀请、查看、收回", "the operators")),
    "console": ("bot.cli.console", tr("网页控制台的密码", "the password of the web console")),
    "outbox": ("bot.cli.outbox", tr("发件箱：查看、恢复、取消", "the outbox")),
    "db": ("bot.cli.database", tr("数据库", "the database")),
}
"""Where each is, and what it is for. A module holds commands as `app`, or one of its own name."""


class _Weilu(frame.Group):
    """Loads a command when it is called for: starting one need not wait for all the others."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 the frame's signature
        """All of them, in our order."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """One of them, loaded."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.add_command(_load(cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """The one that was called for; where there is none, the nearest is suggested."""
        if args[0] not in COMMANDS:
            for name in COMMANDS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _load(name: str) -> Command:
    place, purpose = COMMANDS[name]
    module = imported(place)
    if hasattr(module, "app"):
        group = get_group(module.app)
        group.name, group.help = name, purpose
        return group
    alone = frame.new()
    alone.command(name, help=purpose)(getattr(module, name))
    return get_command(alone)


app = _Weilu(
    name="weilu",
    help=tr(
        "围炉：让微信群有秩序、有话聊的机器人。",
        "Weilu, a bot that keeps WeChat and WeCom groups alive and in order.",
    ),
    no_args_is_help=True,
)


def call() -> int:
    """The exit status of what the command line asks for; a wrong call gets a sentence."""
    try:
        status = app(standalone_mode=False)
    except UsageError as usage:
        raise leave(in_words(usage), FAULTY) from None
    except Abort:
        return 130
    return status if isinstance(status, int) else 0
