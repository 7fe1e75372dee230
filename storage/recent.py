"""What one work has recorded of what was said, by group: it may not be in the database yet."""

from collections.abc import Iterator
from datetime import datetime

from bot.events import Message, Quote
from storage.transaction import Transaction


class Recent:
    """The messages of one work. What a savepoint took back was not said."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._messages: dict[int, Message] = {}
        self._by_group: dict[int, list[int]] = {}

    def add(self, message_id: int, group_id: int, message: Message) -> None:
        """It was recorded under this key."""
        self._transaction.set(self._messages, message_id, message)
        self._by_group.setdefault(group_id, []).append(message_id)

    def __contains__(self, message_id: object) -> bool:
        """Whether this is the key of one of them."""
        return message_id in self._messages

    def get(self, message_id: int | None) -> Message | None:
        """The message of this key, None if it is another work's."""
        return self._messages.get(message_id or 0)

    def before(
        self, group_id: int, quote: Quote, moment: datetime
    ) -> Iterator[tuple[int, Message]]:
        """Those of the group until then, the newest first; without the one that quotes."""
        for message_id in reversed(self._by_group.get(group_id, ())):
            said = self._messages.get(message_id)
            if said is not None and said.at <= moment and said.quote is not quote:
                yield message_id, said
