"""The frame around the commands: usage, panels and the help option in the reader's language."""

import typer
from typer import rich_utils
from typer._click.core import Command, Context  # typer carries its own click, not re-exported
from typer.core import TyperGroup, TyperOption

from bot.cli.speech import tr

rich_utils.OPTIONS_PANEL_TITLE = tr("选项", "Options")
rich_utils.COMMANDS_PANEL_TITLE = tr("命令", "Commands")
rich_utils.ARGUMENTS_PANEL_TITLE = tr("参数", "Arguments")


class _Group(TyperGroup):
    """Its commands, and itself, explain `--help` in the reader's language."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """As ever, with our words; the option is made once and kept."""
        return _in_our_words(super().get_help_option(ctx))

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """As ever; on the way the command's own help option is given our words."""
        if found := super().get_command(ctx, cmd_name):
            _in_our_words(found.get_help_option(ctx))
        return found


def _in_our_words(option: TyperOption | None) -> TyperOption | None:
    if option:
        option.help = tr("显示这份说明", "show this message")
    return option


def new(**settings: str) -> typer.Typer:
    """A group of commands that shows its help when called without one."""
    return typer.Typer(
        cls=_Group,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        **settings,  # type: ignore[arg-type]
    )
