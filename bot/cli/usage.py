"""Wrong calls of the command line, in the reader's language: the frame speaks English only."""

import re

# typer carries its own click, not re-exported
from typer._click.exceptions import UsageError

from bot.cli.speech import tr
from bot.shown import shown

_IN_CHINESE = [
    (re.compile(english), chinese)
    for english, chinese in (
        (r"No such command '(.*?)'\.", r"没有「\1」这个命令。"),
        (r" ?Did you mean (.*)\?", r"你是想写 \1 吗？"),
        (r"No such option: (\S+)", r"没有 \1 这个选项。"),
        (r" ?\(Possible options: (.*)\)", r"你是想写 \1 吗？"),
        (r"Missing command\.", r"还要写一个命令。"),
        (r"Missing argument '?(.*?)'?\.", r"少写了 \1。"),
        (r"Missing option '?(.*?)'?\.", r"少写了选项 \1。"),
        (r"Got unexpected extra argument\(s\) \((.*)\)", r"多写了「\1」；有空格的话要加引号。"),
        (r"Option '(.*?)' requires an argument\.", r"选项 \1 后面要写一个值。"),
        (r"Option '(.*?)' does not take a value\.", r"选项 \1 后面不写值。"),
        (r"Invalid value for '?(.*?)'?: ", r"\1 的值不对："),
        (r"(?:Value error, )?'(.*?)' is not one of (.*)\.", r"没有「\1」，可以写 \2。"),
        (r"Input should be a valid (?:integer|number).*", r"要写一个数字。"),
        (r"Input should be less than or equal to (\S+)", r"最大是 \1。"),
        (r"Input should be greater than or equal to (\S+)", r"最小是 \1。"),
    )
]
"""What the frame says, and the same in Chinese; what is missing here stays English."""


def in_words(wrong: UsageError) -> str:
    """What is wrong with the call, and where to read how it is written."""
    said = shown(wrong.format_message())
    chinese = said
    for english, words in _IN_CHINESE:
        chinese = english.sub(words, chinese)
    where = wrong.ctx.command_path if wrong.ctx else "weilu"
    return tr(
        f"命令写得不对：{chinese}\n用 {where} --help 看用法。",
        f"That call is off: {said}\nSee {where} --help.",
    )
