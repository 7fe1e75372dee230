"""What of a message is judged: also a quoted part that nobody is known to have said.

WeChat writes a reply as text. Whoever types that form by hand hides what they say in what looks
like somebody else's words; only a quote of a message that was recorded is really another's.
"""

from dataclasses import replace

from bot.events import Message


def judged(message: Message, *, recorded: bool) -> Message:
    """The message as rules are to see it; `recorded`: whether the quoted message is known.

    A quote that is not known stands in a line of its own after the text, with the name it pretends
    to be by, so that places in the text stay what they are and places from `len(message.text)` on
    lie in the quote.
    """
    quote = message.quote
    if quote is None or recorded:
        return message
    return replace(message, text=f"{message.text}\n{quote.name}：{quote.text}")
