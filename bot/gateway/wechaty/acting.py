"""Performing one action, and proving what can be proven."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

from bot.actions import Action, Announce, Invite, Mute, Recall, Remove, Say
from bot.clock import Clock
from bot.events import Group, Identity
from bot.gateway.base import Capability, Outcome, Status
from bot.gateway.pictures import NoPicture, lacking, picture
from bot.gateway.wechaty.client import Client
from bot.gateway.wechaty.diagnosis import shortly
from bot.gateway.wechaty.names import Names
from bot.gateway.wechaty.pictures import boxed
from bot.gateway.wechaty.status import OF_THE_LINE, Code, Failed
from bot.gateway.wechaty.wire import Malformed
from bot.gateway.wechaty.words import MENTION_END

CAN = frozenset(Capability) - {Capability.MUTE, Capability.QUOTE}
"""WeChat has no mute, no puppet can quote; what else a puppet cannot do, it says when asked."""

_NEEDS = {
    Remove: Capability.REMOVE,
    Invite: Capability.INVITE,
    Announce: Capability.ANNOUNCE,
    Recall: Capability.RECALL,
}
_TIMED_OUT = re.compile(r"time[d -]*out", re.IGNORECASE)
_CANNOT = re.compile(r"not? ?(?:supported|implement)|unsupported", re.IGNORECASE)
_FIRST_LOOK_SECONDS = 0.1

OFFLINE = Outcome(
    Status.UNSENT, detail="账号不在线，没有发出。 The account is not online; nothing was sent."
)
_DONE = Outcome(Status.DONE, detail="已核实。 Read back.")
_IGNORED = Outcome(
    Status.IGNORED,
    detail="平台收下了，却没有照做。 The platform accepted it and did nothing.",
)
_NO_MUTE = Outcome(Status.REFUSED, detail="微信没有禁言。 WeChat has no mute.")
_UNREAD = Outcome(
    Status.SENT,
    detail="平台收下了，但读不回结果。 Accepted; the result cannot be read back.",
)


class Hands:
    """Performs actions over a client; raises only Failed and Malformed."""

    def __init__(
        self, names: Names, clock: Clock, read_back: float, pictures: Path | None = None
    ) -> None:
        self.capabilities = CAN
        self._names = names
        self._clock = clock
        self._read_back = read_back
        self._pictures = pictures

    async def perform(self, client: Client, action: Action) -> Outcome:
        """Do it once and say what came of it."""
        try:
            return await self._do(client, action)
        except Failed as error:
            outcome = what_became(error)
            if outcome.status is Status.REFUSED and _says_cannot(error):
                self.capabilities -= {_NEEDS.get(type(action))}
            return outcome

    async def _do(self, client: Client, action: Action) -> Outcome:
        match action:
            case Say():
                return await self._say(client, action)
            case Remove(group=group, member=member):
                await client.remove(group.id, member.id)
            case Announce(group=group, text=text):
                await client.announce(group.id, text)
            case Recall(message_id=id_):
                return await _recall(client, id_)
            case Invite(group=group, member=member):
                await client.invite(group.id, member.id)
                present = await self.took_effect(client, action)
                return _DONE if present else _UNREAD
            case Mute():
                return _NO_MUTE
        return await self._proof(client, action)

    async def took_effect(self, client: Client, action: Action) -> bool | None:
        """Whether it is so on the platform now; None where that cannot be told."""
        match action:
            case Remove(group=group, member=member):
                return await _present(client, group, member, wanted=False)
            case Announce(group=group, text=text):
                return (await client.announcement(group.id)).strip() == text.strip()
            case Invite(group=group, member=member):
                # Not in yet is no answer: the person may still accept.
                return await _present(client, group, member, wanted=True) or None
        return None

    async def _say(self, client: Client, action: Say) -> Outcome:
        text = action.text
        if isinstance(action.to, Group):
            text = await self._addressed(action.to, action) + text
        id_ = await client.say(action.to.id, text, [person.id for person in action.mentions])
        said = Outcome(Status.DONE if id_ else Status.SENT, id_)
        lacks = await self._lacks_picture(client, action) if action.picture else ""
        return replace(said, detail=lacks, incomplete=True) if lacks else said

    async def _lacks_picture(self, client: Client, action: Say) -> str:
        """Why the picture did not follow the text; empty if it did."""
        try:
            found = await asyncio.to_thread(picture, action.picture, self._pictures)
            await client.send_file(action.to.id, boxed(found))
        except NoPicture as error:
            why = str(error)
        except Malformed:
            return ""  # the gateway took it, and only its id cannot be read
        except Failed as error:
            if _says_cannot(error):
                self.capabilities -= {Capability.SEND_PICTURE}
            why = what_became(error).detail
        else:
            return ""
        return lacking(why)

    async def _addressed(self, group: Group, action: Say) -> str:
        """`@name` and WeChat's narrow space for everybody mentioned."""
        people = [await self._names.member(group.id, person.id) for person in action.mentions]
        names = [
            " ".join((now.name or then.name).split())
            for now, then in zip(people, action.mentions, strict=True)
        ]
        return "".join(f"@{name}{MENTION_END}" for name in names if name)

    async def _proof(self, client: Client, action: Remove | Announce) -> Outcome:
        """Read back until it shows or the time is over; what reads wrong was ignored."""
        waited, pause = 0.0, _FIRST_LOOK_SECONDS
        try:
            while not await self.took_effect(client, action):
                if waited >= self._read_back:
                    return _IGNORED
                await self._clock.sleep(pause)
                waited, pause = waited + pause, pause * 2
        except Failed:
            return _UNREAD
        return _DONE


async def _recall(client: Client, id_: str) -> Outcome:
    if await client.recall(id_):
        return Outcome(Status.DONE)
    return Outcome(
        Status.REFUSED, detail="平台不肯撤回（可能已过时限）。 The platform would not recall it."
    )


async def _present(client: Client, group: Group, member: Identity, *, wanted: bool) -> bool:
    return (member.id in await client.member_ids(group.id)) is wanted


def _says_cannot(error: Failed) -> bool:
    unimplemented = error.code is Code.UNIMPLEMENTED
    return unimplemented or bool(_CANNOT.search(error.details))


def what_became(error: Failed) -> Outcome:
    """What a failed call means: never sent, perhaps sent, or refused by the platform."""
    code, details = error.code, error.details
    reason = shortly(error)
    if code is Code.UNAUTHENTICATED or not error.sent:
        return Outcome(Status.UNSENT, detail=f"没有发出 not sent: {reason}")
    if code in OF_THE_LINE or _TIMED_OUT.search(details):
        return Outcome(
            Status.UNSURE,
            detail=f"线路中途断了，不知道成没成 may or may not have happened: {reason}",
        )
    return Outcome(Status.REFUSED, detail=f"平台拒绝 the platform said no: {reason}")
