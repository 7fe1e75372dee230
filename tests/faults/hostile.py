"""Hostile words: a seeded corpus of what a chat can send to break whoever reads it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from builders import ACCOUNT, NOON

from bot.events import (
    Event,
    FriendshipRequested,
    Group,
    GroupRenamed,
    Identity,
    InvitationReceived,
    Kind,
    MemberJoined,
    MemberLeft,
    Message,
    MessageRecalled,
    Quote,
    RosterRead,
)

SEEDS = (
    "",
    " ",
    "\x00",
    "名\x00字",
    "\ud800",
    "好\udfff坏",
    "\ud83d\ude00",
    "\x1b[2J\x1b[31m红\x1b]0;title\x07",
    "\x1b]8;;http://evil\x07点我\x1b]8;;\x07",
    "\x9b31m",
    "\u202e反\u202c\u2066\u2069",
    "a\u200b\u200c\u200d\ufeff\u2060b",
    "\r\n\r\n\u2028\u2029\x85\x0b\x0c",
    "\b\b\b\x7f",
    '=HYPERLINK("http://evil","点")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "'; DROP TABLE messages; --",
    "%s%n%(name)s{0}{name!r}$HOME`id`",
    "[red]不是标记[/red][/]",
    "{{7*7}}<script>alert(1)</script>",
    "../../etc/passwd",
    "\ufffe\uffff\U0010ffff\ue000",
    "e\u0301" * 50,
    "ก็็็็็็็็็็็็็็็็็็็็" * 20,
    "👨‍👩‍👧‍👦🏳️‍🌈🇨🇳",
    "「围炉：早」\n- - - - - - - - - - - - - - -\n「" * 30,
    "@围炉\u2005帮助",
    "@围炉 我的记录",
    '{"a":' * 3000,
    "[" * 20_000,
    "<" * 5_000 + "msg>",
    "加微信领资料" * 2000,
    "\u3164\u115f\uffa0",
    "١٢٣４５６",
    "İıſßẞ" * 100,
)
"""What has broken somebody's program somewhere."""
_HUGE = 1_000_000


def word(random: Random) -> str:
    """A seed, several, one cut in the middle, or letters from anywhere; rarely a megabyte."""
    dice = random.random()
    if dice < 0.001:
        return random.choice(SEEDS[1:])[:7] * (_HUGE // 7)
    if dice < 0.5:
        return random.choice(SEEDS)
    if dice < 0.7:
        return "".join(random.choices(SEEDS, k=3))
    if dice < 0.8:
        seed = random.choice(SEEDS)
        return seed[random.randint(0, len(seed)) :]
    return "".join(chr(random.randint(0, 0x10FFFF)) for _ in range(random.randint(1, 40)))


def events(seed: int, number: int) -> Iterator[Event]:
    """So many things that happen; the ids of messages tell them apart, and are as bad as the rest.

    Times are from this year: what a gateway makes of a time is the gateway's affair.
    """
    random = Random(seed)
    groups = [Group(ACCOUNT, f"g{n}{word(random)[:50]}", word(random)[:5000]) for n in range(20)]
    for n in range(number):
        group = random.choice(groups)
        group = Group(ACCOUNT, group.id, word(random)[:5000])
        yield _event(n, random, group, NOON + timedelta(seconds=n))


def _who(random: Random) -> Identity:
    return Identity(ACCOUNT, word(random)[:60] or "x", word(random)[:5000])


def _event(n: int, random: Random, group: Group, at: datetime) -> Event:
    who, dice = _who(random), random.random()
    if dice < 0.1:
        return _movement(dice, random, group, at)
    if dice < 0.15:
        return _rarity(dice, random, group, at)
    return Message(
        id=f"{n}{word(random)[:80]}",
        group=None if dice < 0.2 else group,
        author=who,
        at=at,
        kind=Kind(random.randint(-5, 10**12)),
        text=word(random),
        mentions=tuple(dict.fromkeys(_who(random) for _ in range(random.randint(0, 3)))),
        quote=Quote(word(random), word(random)) if random.random() < 0.2 else None,
    )


def _movement(dice: float, random: Random, group: Group, at: datetime) -> Event:
    who = _who(random)
    if dice < 0.05:
        return MemberJoined(group=group, member=who, at=at, inviter=_who(random))
    if dice < 0.08:
        return MemberLeft(group=group, member=who, at=at, remover=_who(random))
    if dice < 0.09:
        return GroupRenamed(group=group, old_name=word(random), at=at, by=who)
    members = tuple(_who(random) for _ in range(random.randint(0, 30)))
    return RosterRead(group=group, members=members, at=at)


def _rarity(dice: float, random: Random, group: Group, at: datetime) -> Event:
    who, id_ = _who(random), word(random)[:80]
    if dice < 0.115:
        return InvitationReceived(
            account=ACCOUNT, id=id_, group_name=word(random), inviter=who, at=at
        )
    if dice < 0.13:
        return FriendshipRequested(account=ACCOUNT, id=id_, person=who, hello=word(random), at=at)
    return MessageRecalled(id=id_, group=group, at=at)
