"""Understands what a member asks the bot for."""

import re
import unicodedata
from enum import StrEnum

from bot.events import Message


class Asked(StrEnum):
    """What members may ask for."""

    HELP = "help"
    RULES = "rules"
    DETAILS = "details"
    """The rules in full: what follows, and how to object."""
    RECORD = "record"
    UNKNOWN = "unknown"
    """Something was said to the bot that is none of these."""


_WORDS = {
    "帮助": Asked.HELP,
    "help": Asked.HELP,
    "?": Asked.HELP,
    "群规": Asked.RULES,
    "规则": Asked.RULES,
    "rules": Asked.RULES,
    "群规 详细": Asked.DETAILS,
    "群规 2": Asked.DETAILS,
    "群规详细": Asked.DETAILS,
    "rules more": Asked.DETAILS,
    "rules 2": Asked.DETAILS,
    "我的记录": Asked.RECORD,
    "my record": Asked.RECORD,
    "record": Asked.RECORD,
}
_MENTION = re.compile(r"^\s*@\S*(\s+|$)")
_AROUND = " /!。.,:~?"


def asked(message: Message) -> Asked:
    """What the words ask for, without the mentions, a slash before and a stop behind."""
    text = message.text
    for who in message.mentions:
        if who.name:
            text = text.replace(f"@{who.name}", " ")
    text = _MENTION.sub("", unicodedata.normalize("NFKC", text)).casefold()
    words = " ".join(text.split())
    return _WORDS.get(words) or _WORDS.get(words.strip(_AROUND), Asked.UNKNOWN)
