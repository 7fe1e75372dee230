"""Hearing a message: that the group is there, that it was said, and that its author is a member."""

from datetime import datetime

from bot.events import Group, Message
from storage.groups import Groups
from storage.members import Members
from storage.memberships import Memberships
from storage.messages import Messages


class Hearing:
    """What is recorded of every message, each group and person looked up once."""

    def __init__(
        self, groups: Groups, members: Members, memberships: Memberships, messages: Messages
    ) -> None:
        self._groups = groups
        self._members = members
        self._memberships = memberships
        self._messages = messages

    def hear(self, message: Message, group: Group, now: datetime, *, keep_text: bool) -> int | None:
        """Record it in its group; our own key of it, None if it was heard already.

        The group is managed from now on, and whoever speaks in it is a member; we ourselves are not
        counted as one for that.
        """
        group_id = self._groups.see(group, managed=True, at=now)
        if self._messages.was_heard(group_id, message.id):
            return None
        author = message.author
        author_id = self._members.id_of(author, message.at)
        if author_id is not None and not message.ours:
            self._memberships.stays(group_id, author_id, author.name, message.at)
        return self._messages.put(message, group_id, author_id, keep_text=keep_text)
