"""What a rule is: settings plus one pure method.

The model is the configuration: its fields are the keys in config.yaml, unknown keys are refused.
A rule sees the message and what it declared it needs of the past, nothing else: no storage, no
gateway, no wall clock.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.duration import Duration
from bot.events import Group, Identity, Message
from bot.frozen import frozen
from bot.texts import Text, named
from rules.consequences import Consequence, Written
from rules.digests import digest
from rules.sheaf import Sheaf


class Need(StrEnum):
    """What a rule may need besides the message; what nobody needs is neither kept nor loaded."""

    TIMES = "times"
    """When the member spoke lately in this group."""
    TEXTS = "texts"
    """What the member said lately in this group, as likenesses."""
    OTHERS = "others"
    """What everybody said lately in all groups of the account, as likenesses."""
    STANDING = "standing"
    """When the member joined, and how much they have said."""
    PICTURE = "picture"
    """The pixels of a picture."""


class Earlier(NamedTuple):
    """A message said before: by whom, where, when, and what it was like (rules/likeness.py)."""

    author: Identity
    group: Group
    at: datetime
    likeness: int


class Past(NamedTuple):
    """What a rule may know of what came before, as far as it declared that it needs it.

    Nothing is older than the rule's `looks_back`, and the message being judged is not among it.
    `times` are when the member spoke in this group, `texts` what they said there, `others` what
    anybody said in any group of the account that is nearly the same as this message (the member
    included); oldest first. `joined_at` is None where nobody saw them join; `messages` is how many
    they said here before. `zone` is the group's time zone.
    """

    times: Sequence[datetime] = ()
    texts: Sequence[Earlier] = ()
    others: Sequence[Earlier] = ()
    joined_at: datetime | None = None
    messages: int = 0
    zone: tzinfo = UTC


@frozen
class Finding:
    """A rule matched.

    `rule` is the name of the rule, `span` the matched part of the original text (start, end;
    (0, 0) where the whole behaviour and not a place in the text is the offence), `detail` a short
    Chinese-first sentence for operators, never quoted in a group. `steps` are the steps of
    normalisation without which it would not have been found. `aggravation` is how many steps
    further along the ladder this goes (several accounts, aimed at minors).
    """

    rule: str
    span: tuple[int, int]
    detail: str
    steps: tuple[str, ...] = ()
    aggravation: int = 0


class Asked(NamedTuple):
    """Of what lies in the past, what a rule needs."""

    times: bool
    texts: bool
    others: bool
    standing: bool


_OF_THE_PAST = (Need.TIMES, Need.TEXTS, Need.OTHERS, Need.STANDING)


class Role(StrEnum):
    """Who somebody is in a group, as far as an exemption may name it."""

    OPERATOR = "operator"
    ADMIN = "admin"
    NEWCOMER = "newcomer"


class Exemption(BaseModel):
    """Whom or what a rule spares, why, and until when (that day included; None: for good)."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    member: str = Field(
        default="", max_length=100, description="成员的 id 或群里的名字 a member's id or name"
    )
    role: Role | None = Field(default=None, description="operator、admin 或 newcomer a role")
    link: str = Field(
        default="", max_length=253, description="域名，含子域名 a domain with its subdomains"
    )
    reason: str = Field(min_length=2, max_length=200, description="为什么放行 why")
    until: date | None = Field(
        default=None, description="到哪一天为止（含） until which day, that day included"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if [bool(self.member), self.role is not None, bool(self.link)].count(True) != 1:
            raise ValueError(
                "member、role、link 要写且只写一个 write exactly one of member, role and link"
            )
        return self

    def holds(self, at: datetime, zone: tzinfo) -> bool:
        """Whether it is still in force then."""
        return self.until is None or at.astimezone(zone).date() <= self.until


class Rule(BaseModel):
    """The base of every rule. A rule runs only if config.yaml names it and states its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, validate_by_name=True)

    key: ClassVar[str]
    """The kind of offence: the name of its file, `rule` in config.yaml, its heading in
    docs/rules.md."""

    title: ClassVar[Text]
    """What members read instead of the key."""

    needs: ClassVar[frozenset[Need]] = frozenset()
    """What it must be given besides the message."""

    message_is_in_order: ClassVar[bool] = False
    """Whether the person is found and not the message, which goes on as if nothing had been."""

    of_content: ClassVar[bool] = False
    """Whether it finds nothing in a message without text, link, title, mentions and picture."""

    name: str = Field(default="", exclude=True)
    """What this instance is called in config.yaml: the key it is written under."""

    reason: str = Field(
        min_length=2,
        max_length=200,
        description="为什么有这条规则，成员会读到 why this rule exists, in words that members read",
    )
    consequence: Written = Field(
        default=Consequence.REMIND,
        description="至少会怎样：note、remind、warn、quiet、remove、ban"
        " the least that follows: note, remind, warn, quiet, remove or ban",
    )
    lasting: Annotated[Duration, Field(gt=timedelta(0))] | None = Field(
        default=None,
        alias="for",
        description="静言或移出至少多久 how long a quiet period or removal lasts at least",
    )
    severity: int = Field(
        default=0, ge=0, le=3, description="在阶梯上多走几步 steps further along the ladder"
    )
    shadow: bool = Field(
        default=False,
        description="只计数，不提醒也不处理 only counted: nobody is told, nothing follows",
    )
    exempt: tuple[Exemption, ...] = Field(
        default=(), description="放行谁、为什么、到何时 whom it spares, why, and until when"
    )

    @model_validator(mode="after")
    def _lasts_where_it_can(self) -> Self:
        lasts = (Consequence.QUIET, Consequence.REMOVE)
        if self.lasting is not None and self.consequence not in lasts:
            raise ValueError("for 只用于 quiet 和 remove “for” goes with quiet and remove only")
        return self

    @property
    def called(self) -> str:
        """The name of this instance; its key where none was given."""
        return self.name or self.key

    @property
    def shown(self) -> Text:
        """What members read: the title, or the name where the config gave one of its own."""
        own = self.called
        return self.title if own == self.key else named(own)

    @cached_property
    def digest(self) -> str:
        """Another one as soon as the rule means anything else for members.

        Whom it spares, and whether it is only counted for now, is not what it means.
        """
        means = self.model_dump(exclude={"exempt", "shadow"}, by_alias=True)
        return digest({"called": self.called, "kind": self.key} | means)

    @cached_property
    def asks_about(self) -> Asked | None:
        """The same as `needs`, as far as it lies in the past; None if nothing does.

        Asked for every message: to look up a member of an enum takes longer than most rules.
        """
        asked = Asked(*(need in self.needs for need in _OF_THE_PAST))
        return asked if any(asked) else None

    @property
    def looks_back(self) -> timedelta:
        """How far into the past `judge` needs to see; zero means not at all."""
        return timedelta(0)

    @property
    def takes(self) -> int:
        """So many earlier ones, of each that it needs, it takes before `judge` can find anything.

        Where there are fewer it need not be asked. Zero: it may find something without any past.
        """
        return 0

    @property
    def cooldown(self) -> timedelta | None:
        """Within this time a member hears of it once; None: within the group's own."""
        return None

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """The places of the messages in which `judge` may find anything: all, if it cannot tell.

        Asked of many messages at once. It may name too many, never too few. A rule that has found
        out all there is to know gives a dict, with what `judge` would find in each.
        """
        return range(len(sheaf.messages))

    def judge(self, message: Message, past: Past) -> Finding | None:
        """The finding, or None where the message is in order. Pure and quick."""
        raise NotImplementedError
