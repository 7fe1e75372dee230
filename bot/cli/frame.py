"""The frame around the commands: usage, panels and the help option in the reader's language."""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer._click.core import Context  # typer carries its own click, not re-exported
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

from bot.cli.speech import tr

F = TypeVar("F", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command that explains `--help`, and itself, in the reader's language."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """As ever, with our words."""
        return _in_our_words(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """As ever, with our titles."""
        _name_the_panels()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """The same for a group of commands."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """As ever, with our words."""
        return _in_our_words(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """As ever, with our titles."""
        _name_the_panels()
        super().format_help(ctx, formatter)


class Commands(typer.Typer):
    """Commands of these kinds."""

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """As ever."""
        return super().command(name, cls=Command, **settings)


def new() -> Commands:
    """A group of commands that shows its help when called without one."""
    return Commands(
        cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )


def _in_our_words(option: TyperOption | None) -> TyperOption | None:
    if option:
        option.help = tr("显示这份说明", "show this message")
    return option


def _name_the_panels() -> None:
    from typer import rich_utils  # slow to import, and only a page of help needs it

    rich_utils.OPTIONS_PANEL_TITLE = tr("选项", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = tr("命令", "Commands")
    rich_utils.ARGUMENTS_PANEL_TITLE = tr("参数", "Arguments")
