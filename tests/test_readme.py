import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from bot.demo import play

HOUSE = Path(__file__).parent.parent
READMES = ("README.md", "README.en.md")
COMMAND = re.compile(r"^(?:make|\.venv/bin/weilu) .*?(?=\s+#|$)", re.MULTILINE)


def test_both_languages():
    """The README is there in Chinese and in English, with the same commands and headings."""
    zh, en = ((HOUSE / name).read_text() for name in READMES)

    assert len(COMMAND.findall(zh)) > 10
    assert COMMAND.findall(zh) == COMMAND.findall(en)
    assert zh.count("\n## ") == en.count("\n## ")


@pytest.mark.parametrize("name", READMES)
async def test_the_demo_is_shown_as_it_is(name: str):
    """What the README shows of the day is what the demo prints, line by line, in order."""
    console = Console(width=80, record=True, file=io.StringIO())
    await play(console, None)
    printed = iter([line.rstrip() for line in console.export_text().splitlines()])

    excerpt = (HOUSE / name).read_text().split("<!-- demo -->")[1].split("<!-- /demo -->")[0]
    chat = excerpt.split("\n围炉读书会\n")[0]
    shown = [line for line in chat.splitlines() if line.strip("`…")]

    assert len(shown) > 10
    assert [] == [line for line in shown if line not in printed]


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str):
    """Every file that the README links to is there."""
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (HOUSE / name).read_text())

    assert links
    assert [] == [link for link in links if not (HOUSE / link).exists()]
