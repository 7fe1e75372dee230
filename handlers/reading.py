"""What a message says to everybody who sees it: a card's title too, and words in a forged quote.

Quoting somebody is no offence. But WeChat's quotation is text that anybody can type, so what is
quoted and was never said stands there as the member's own words.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.events import Message
from handlers.judging import Judged
from handlers.scene import Scene
from rules.quoted import judged as as_written


def read(
    message: Message, judge: Callable[[Message], Judged], scene: Scene
) -> tuple[Message, Judged]:
    """What is found in a group's message, and the message as it was judged: spans are of its text.

    Whether a quotation is real is only looked up where its words are an offence.
    """
    seen = as_seen(message)
    found = judge(seen)
    if message.quote is None or found.counts is not None:
        return seen, found
    whole = as_written(seen, recorded=False)
    forged = judge(whole)
    if (forged.counts or len(forged.beside) > len(found.beside)) and _nobody_said(message, scene):
        return whole, forged
    return seen, found


def as_seen(message: Message) -> Message:
    """The message with the title of its card in the text; the very same where it has none."""
    if not message.title:
        return message
    text = f"{message.text}\n{message.title}" if message.text else message.title
    return replace(message, text=text, title="")


def _nobody_said(message: Message, scene: Scene) -> bool:
    if message.group is None or message.quote is None:
        return False
    return not scene.work.messages.was_said(message.group, message.quote, message.at)
