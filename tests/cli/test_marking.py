"""How tables show what was found."""

from io import StringIO

from rich.console import Console
from rich.table import Table

from bot.cli.marking import unshortened


def test_nothing_is_cut_off_on_a_narrow_screen() -> None:
    """Words without gaps go on in the next line."""
    table = Table("规则")
    table.add_row("处理之后旁人说话少了")
    narrow = Console(file=StringIO(), width=12)
    narrow.print(unshortened(table))
    lines = narrow.file.getvalue() if isinstance(narrow.file, StringIO) else ""

    assert "…" not in lines
    assert "处理之后旁人说话少了" == "".join(
        char for char in lines.split("┩")[1] if char not in "│└─┘ \n"
    )
