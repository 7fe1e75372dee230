from pathlib import Path

import topics
from topics.fields import COLUMNS
from topics.files import read
from topics.life import WORDS
from topics.sheets import MOST_ROWS, MOST_YAML_BYTES
from topics.template import NOTES

HOUSE = Path(__file__).parent.parent
PAGE = (HOUSE / "docs" / "topics.md").read_text(encoding="utf-8")
STARTER = read(Path(topics.__file__).parent / "starter.yaml")


def test_every_field():
    """The table names the fields in their order, in the words of the template."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "`" in line]

    assert [
        f"| {COLUMNS[name]} | `{name}` | {zh} | {en} |" for name, (zh, en) in NOTES.items()
    ] == rows


def test_every_status():
    """The life of a topic is told with the words for its statuses."""
    for status, zh in WORDS.items():
        assert f"{zh} {status}" in PAGE


def test_what_the_starter_bank_uses():
    """Its stages and goals are named, and how much there is of it."""
    for topic in STARTER:
        for word in (*topic.stages, *filter(None, [topic.goal])):
            assert f"`{word}`" in PAGE
    assert "more than 180 topics" in PAGE
    assert len(STARTER) > 180


def test_limits():
    """The limits are those that hold."""
    assert f"{MOST_ROWS:,} 行" in PAGE
    assert f"{MOST_YAML_BYTES >> 20} MiB" in PAGE
