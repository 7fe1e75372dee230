"""What a message brings beside words: cards, files, pictures."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.events import Kind, Message
from bot.gateway.base import CaresFor
from bot.gateway.wechaty.cards import Card, is_markup, read_markup
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.lanes import Later
from bot.gateway.wechaty.patience import Patience
from bot.gateway.wechaty.pictures import load
from bot.gateway.wechaty.wire import Spoken

log = logging.getLogger(__name__)

_CARDS: dict[Kind, Callable[[Client, str], Awaitable[Card]]] = {
    Kind.URL: Client.url_card,
    Kind.MINI_PROGRAM: Client.mini_program,
}


class Enclosures:
    """Adds them to a message; what cannot be loaded is left out, and the message goes on."""

    def __init__(self, patience: Patience, wants_pictures: CaresFor) -> None:
        self._patience = patience
        self._wants_pictures = wants_pictures

    def of(self, message: Message, spoken: Spoken) -> Message | Later:
        """A group's message with what the gateway has told of it, and how to load the rest."""
        card = read_markup(spoken.text)
        if message.kind is Kind.ATTACHMENT and spoken.filename:
            card = replace(card, title=spoken.filename)
        message = _with(message, card)
        if message.kind in _CARDS:
            return Later(message, partial(self._carded, message))
        if message.kind is Kind.IMAGE and self._is_wanted(message):
            return Later(message, partial(self._pictured, message))
        return message

    def _is_wanted(self, message: Message) -> bool:
        group = message.group
        return group is not None and not message.ours and self._wants_pictures(group)

    async def _carded(self, message: Message) -> Message:
        ask = _CARDS[message.kind]
        try:
            card = await self._patience.ask(lambda client: ask(client, message.id))
        except Exception as error:  # noqa: BLE001  whatever it is, a card is not worth a message
            log.info("卡片没取到 the card of %s was not loaded: %s", message.id, error)
            return message
        return _with(message, card)

    async def _pictured(self, message: Message) -> Message:
        try:
            picture = await self._patience.ask(lambda client: load(client, message.id))
        except Exception as error:  # noqa: BLE001  whatever it is, a picture is not worth a message
            log.info("图片没取到 the picture of %s was not loaded: %r", message.id, error)
            return message
        return replace(message, picture=picture)


def written(kind: Kind, text: str) -> str:
    """What the member wrote, of what the gateway gives as the text: nothing where it is markup."""
    return "" if kind is not Kind.TEXT and is_markup(text) else text


def _with(message: Message, card: Card) -> Message:
    if card == Card():
        return message
    return replace(message, title=card.title or message.title, link=card.link or message.link)
