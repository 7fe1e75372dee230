"""外链：通向不该去的地方的链接。 Links: addresses that lead where the group does not want to go."""

from collections.abc import Collection, Iterator
from datetime import datetime, tzinfo
from functools import cached_property
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from bot.events import Message
from bot.texts import Text
from rules.addresses import Address, addresses, host_of, may_hold_addresses
from rules.base import Exemption, Finding, Past, Rule
from rules.domains import Domain, canonical, listed, resembled, skeleton
from rules.sheaf import Sheaf
from rules.shorteners import SHORTENERS

_MOST_SHOWN = 80


class Links(Rule):
    """A link that the lists do not let through, in the text or behind a card or mini-program.

    The narrowest listed domain counts; subdomains are included. A host that looks like a listed
    one without being it is found whatever the lists say.
    """

    key: ClassVar[str] = "links"
    title: ClassVar[Text] = Text(zh="外链", en="links elsewhere")
    of_content: ClassVar[bool] = True

    allow: tuple[Domain, ...] = Field(
        default=(), max_length=2000, description="放行的域名，含子域名 domains that are fine"
    )
    deny: tuple[Domain, ...] = Field(
        default=(), max_length=20_000, description="不许的域名，含子域名 domains that are not"
    )
    others: Literal["allow", "deny"] | None = Field(
        default=None,
        description="两个名单都没有的域名：allow 放行，deny 不许；不写时只写了 deny 就放行"
        " domains on neither list; by default fine where only deny is written, else not",
    )
    short: bool = Field(
        default=True,
        description="短链接看不出通向哪里，不在 allow 里就不许"
        " short links hide where they lead: found unless allowed",
    )
    lookalikes: bool = Field(
        default=True,
        description="长得像名单里域名的也算，如 раураl.com"
        " hosts that look like a listed one are found",
    )

    @model_validator(mode="after")
    def _lists_agree(self) -> Self:
        both = sorted({*self.allow} & {*self.deny})
        if both:
            raise ValueError(
                f"同时写在 allow 和 deny 里，请留一处 in allow and in deny, keep one: {both[0]}"
            )
        return self

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Where there may be an address, and the cards that lead somewhere."""
        cards = [place for place, message in enumerate(sheaf.messages) if message.link]
        return may_hold_addresses(sheaf).union(cards)

    def judge(self, message: Message, past: Past) -> Finding | None:
        """The first link that is not let through; a card's has no place in the text."""
        spared = spared_domains(self.exempt, message.at, past.zone)
        for address in _all(message):
            why = self._why(address, spared)
            if why is not None:
                host = address.host[:_MOST_SHOWN]
                detail = f"链接通向 {host}：{why.zh} a link to {host}: {why.en}"
                return Finding(self.called, address.span, detail)
        return None

    def _why(self, address: Address, spared: frozenset[str]) -> Text | None:
        """Why it is not let through, or None."""
        host = address.host
        if listed(host, spared) is not None:
            return None
        by = listed(host, self._listed)
        if by is not None:
            return Text(zh="在 deny 里", en="it is denied") if by in self._denied else None
        like = resembled(host, self._looks) if self.lookalikes else None
        if like is not None:
            return Text(zh=f"冒充 {like}", en=f"it looks like {like}")
        if self.short and host in SHORTENERS:
            return Text(zh="短链接", en="a short link")
        return Text(zh="不在 allow 里", en="it is not allowed") if self._strange(address) else None

    def _strange(self, address: Address) -> bool:
        """Whether it is an address for sure, and on neither list where that is not fine."""
        others = self.others or ("allow" if self.deny and not self.allow else "deny")
        return others == "deny" and address.certain

    @cached_property
    def _denied(self) -> frozenset[str]:
        return frozenset(self.deny)

    @cached_property
    def _listed(self) -> frozenset[str]:
        return frozenset((*self.allow, *self.deny))

    @cached_property
    def _looks(self) -> dict[str, str]:
        return {skeleton(domain): domain for domain in (*self.allow, *self.deny)}


_NONE: frozenset[str] = frozenset()


def spared_domains(exempt: tuple[Exemption, ...], at: datetime, zone: tzinfo) -> frozenset[str]:
    """The domains that exemptions spare at that moment."""
    if not exempt:
        return _NONE
    return frozenset(canonical(each.link) for each in exempt if each.link and each.holds(at, zone))


def _all(message: Message) -> Iterator[Address]:
    """The links in the text, then those of a card: where it leads, and what its title names."""
    yield from addresses(message.text)
    host = host_of(message.link) if message.link else ""
    if host:
        yield Address(host, (0, 0), certain=True)
    if message.title:
        for address in addresses(message.title):
            yield Address(address.host, (0, 0), address.certain)
