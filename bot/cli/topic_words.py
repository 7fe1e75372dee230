"""What the fields of a topic and their values are called, in the reader's language."""

from bot.cli.speech import speaks_chinese
from topics.fields import CHOICES, COLUMNS


def field(name: str) -> str:
    """The heading of a field."""
    return COLUMNS.get(name, name) if speaks_chinese() else name


def value(name: str, word: str) -> str:
    """The value of a field; only of fields with a few words to choose from it differs."""
    chinese = {str(known): zh for zh, known in CHOICES.get(name, {}).items()}
    return chinese.get(word, word) if speaks_chinese() else word
