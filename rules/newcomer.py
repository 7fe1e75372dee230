"""新人先聊天：刚来时不发链接、名片、二维码。 Newcomer: no links, cards or codes at first."""

from datetime import timedelta
from itertools import chain
from typing import Annotated, ClassVar

from pydantic import Field

from bot.duration import Duration
from bot.events import Kind, Message
from bot.texts import Text
from rules.addresses import addresses, host_of
from rules.baits import calls, ids, phones
from rules.base import Finding, Need, Past, Rule
from rules.codes import read_codes
from rules.domains import listed
from rules.links import spared_domains
from rules.standing import AT_LONGEST, MOST_MESSAGES

_CARDS = {
    Kind.CONTACT: Text(zh="名片", en="a name card"),
    Kind.URL: Text(zh="链接卡片", en="a link card"),
    Kind.MINI_PROGRAM: Text(zh="小程序", en="a mini-program"),
}
_LINK = Text(zh="链接", en="a link")
_CONTACT = Text(zh="联系方式", en="a way to contact somebody elsewhere")
_CODE = Text(zh="带二维码的图片", en="a picture with a QR code")

_What = tuple[Text, tuple[int, int]]


class Newcomer(Rule):
    """Somebody who is new here sends what leads elsewhere: rights grow with time and messages.

    New is who joined less than `within` ago and, for the first 30 days, who has said fewer than
    `messages` messages here. Who was there before Weilu, or whose coming nobody saw, is not new.
    """

    key: ClassVar[str] = "newcomer"
    title: ClassVar[Text] = Text(zh="新人先聊天", en="newcomers talk first")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.STANDING, Need.PICTURE})

    within: Annotated[Duration, Field(gt=timedelta(0), le=AT_LONGEST)] = Field(
        default=timedelta(days=1),
        description="入群多久之内算新人，至多 30 天 how long after joining, at most 30 days",
    )
    messages: int = Field(
        default=3,
        ge=0,
        le=MOST_MESSAGES,
        description="说满几条之前也算新人（只看头 30 天），0 为不看"
        " also until they have said so many (first 30 days only); 0: not asked",
    )

    @property
    def takes(self) -> int:
        """That somebody saw them come."""
        return 1

    def judge(self, message: Message, past: Past) -> Finding | None:
        """A finding if the author is new and the message leads elsewhere, exempted links aside."""
        if not self._is_new(message, past):
            return None
        spared = spared_domains(self.exempt, message.at, past.zone)
        found = _card(message, spared) or _words(message.text, spared) or _code(message, spared)
        if found is None:
            return None
        what, span = found
        return Finding(self.called, span, f"新人发了{what.zh} a newcomer sent {what.en}")

    def _is_new(self, message: Message, past: Past) -> bool:
        if past.joined_at is None:
            return False
        age = message.at - past.joined_at
        return age < self.within or (age <= AT_LONGEST and past.messages < self.messages)


def _card(message: Message, spared: frozenset[str]) -> _What | None:
    what = _CARDS.get(message.kind)
    if what is None or (message.link and listed(host_of(message.link), spared)):
        return None
    return what, (0, 0)


def _words(text: str, spared: frozenset[str]) -> _What | None:
    """The first link or way to contact somebody."""
    links = (
        (_LINK, each.span)
        for each in addresses(text)
        if each.certain and not listed(each.host, spared)
    )
    contacts = (
        (_CONTACT, each.span) for each in chain.from_iterable(f(text) for f in (phones, ids, calls))
    )
    return min(chain(links, contacts), default=None, key=lambda found: found[1])


def _code(message: Message, spared: frozenset[str]) -> _What | None:
    if message.picture and any(
        not listed(host_of(code), spared) for code in read_codes(message.picture)
    ):
        return _CODE, (0, 0)
    return None
