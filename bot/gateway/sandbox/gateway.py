"""One account on the sandbox network, as a gateway."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from bot.actions import Action, Announce, Invite, Mute, Recall, Remove, Say
from bot.events import Event, GatewayChanged, GatewayState, Group, Identity
from bot.gateway.base import Capability, CaresFor, Outcome, Status, nowhere
from bot.gateway.sandbox.faults import Faults
from bot.gateway.sandbox.happenings import Happening, Joined, Left, Spoken, concerns
from bot.gateway.sandbox.hearing import Hearing
from bot.gateway.sandbox.network import SandboxNetwork
from bot.gateway.sandbox.people import Line, NotPossible, Person, Room
from bot.gateway.sandbox.showing import show
from bot.gateway.sandbox.translation import Translation

ABILITIES = frozenset(Capability) - {Capability.MUTE}
"""What the sandbox can do: what a WeChat group can, at its best. `switch_on` adds muting."""
_NEEDED = {
    Remove: Capability.REMOVE,
    Announce: Capability.ANNOUNCE,
    Recall: Capability.RECALL,
    Invite: Capability.INVITE,
    Mute: Capability.MUTE,
}


class SandboxGateway:
    """A gateway to `network` for one account.

    `person` is the account there: add it to groups. Faults and capabilities are changed while it
    runs: `gateway.faults.drop = 3`, `gateway.switch_off(Capability.REMOVE)`,
    `gateway.disconnect()`. A later gateway of the same account name is the same person again.
    """

    def __init__(
        self,
        network: SandboxNetwork,
        account: str = "围炉",
        *,
        name: str = "",
        cares_for: CaresFor = lambda _: True,
        wants_pictures: CaresFor = nowhere,
        pictures: Path | None = None,
    ) -> None:
        self.network = network
        self.person = network.add_account(name or account)
        self.faults = Faults()
        self.cares_for = cares_for
        self.wants_pictures = wants_pictures
        self._account = account
        self._pictures = pictures
        self._abilities = set(ABILITIES)
        self._names = Translation(account, self.person)
        self._hearing = Hearing(network.clock)
        self._reachable = True
        self._logged_in = True
        self._listening = False

    @property
    def account(self) -> str:
        """The account's name in config.yaml."""
        return self._account

    @property
    def me(self) -> Identity:
        """The account as events call it."""
        return self._names.identity(self.person)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Everything but muting, less what was switched off, with what was switched on."""
        return frozenset(self._abilities)

    def switch_off(self, *capabilities: Capability) -> None:
        """From now on the platform cannot do this."""
        self._abilities.difference_update(capabilities)

    def switch_on(self, *capabilities: Capability) -> None:
        """The platform can do this again."""
        self._abilities.update(capabilities)

    @property
    def is_reachable(self) -> bool:
        """Whether the line was not cut."""
        return self._reachable

    def group(self, room: Room) -> Group:
        """A room of the network as this account's events call it."""
        return self._names.group(room)

    def identity(self, person: Person) -> Identity:
        """A person of the network as this account's events call them."""
        return self._names.identity(person)

    # The line

    def disconnect(self, detail: str = "") -> None:
        """Cut the line; what happens until `reconnect` is never heard."""
        if not self._reachable:
            return
        self._hearing.lose_what_is_on_its_way()
        self._reachable = False
        self._state(GatewayState.OFFLINE, detail or "沙箱的线路断了 the sandbox's line was cut")

    def reconnect(self) -> None:
        """Mend the line: the gateway logs in again and reads its rosters."""
        if self._reachable:
            return
        self._reachable = True
        self._connect()

    def log_out(self, detail: str = "") -> None:
        """The platform logs the account out; nothing is heard or sent until `log_in`."""
        self._logged_in = False
        self._state(GatewayState.LOGGED_OUT, detail or "账号已登出 the account was logged out")

    def log_in(self) -> None:
        """The account is logged in again."""
        self._logged_in = True
        self._connect()

    def _connect(self) -> None:
        self._state(GatewayState.CONNECTING, "正在连接沙箱 connecting to the sandbox")
        if not self._reachable:
            self._state(GatewayState.OFFLINE, "连不上沙箱 the sandbox cannot be reached")
        elif not self._logged_in:
            self._state(GatewayState.LOGGED_OUT, "账号未登录 the account is not logged in")
        else:
            self._state(GatewayState.LOGGED_IN, "沙箱已连接 connected to the sandbox", self.me)
            for room in self.network.rooms:
                self._roster(room)

    def _state(self, state: GatewayState, detail: str, me: Identity | None = None) -> None:
        if self._listening:
            at = self.network.now
            self._hearing.put(
                GatewayChanged(account=self._account, state=state, at=at, me=me, detail=detail)
            )

    def _roster(self, room: Room) -> None:
        if room.has(self.person) and self.cares_for(self.group(room)):
            self._hearing.put(self._names.roster(room, self.network.now))

    # Hearing

    async def events(self) -> AsyncIterator[Event]:
        """What happens, from now on; see `Gateway.events`."""
        self._listening = True
        stop = self.network.watch(self._heed)
        try:
            self._connect()
            async for event in self._hearing.events():
                yield event
        finally:
            stop()
            self._listening = False
            self._hearing.close()

    async def settled(self) -> None:
        """Return once whoever iterates `events()` has taken and dealt with all that arrived."""
        await self._hearing.settled()

    @property
    def is_settled(self) -> bool:
        """Whether `settled()` would return at once."""
        return self._hearing.is_settled

    def _heed(self, happening: Happening) -> None:
        if not (self._online and concerns(happening, self.person) and self._able(happening)):
            return
        event = self._names.event(happening, self.network.now, self._sees_pictures)
        if event:
            for _ in range(self.faults.copies()):
                self._hearing.put(event, self.faults.delay)
        if isinstance(happening, Joined) and happening.person is self.person:
            self._roster(happening.room)

    def _sees_pictures(self, group: Group) -> bool:
        return not self.faults.without_pictures and self.wants_pictures(group)

    @property
    def _online(self) -> bool:
        return self._listening and self._reachable and self._logged_in

    def _able(self, happening: Happening) -> bool:
        if isinstance(happening, Joined | Left):
            return Capability.JOINS in self._abilities
        if isinstance(happening, Spoken) and Capability.HEAR_ALL not in self._abilities:
            line = happening.line
            return not line.room or self.person in (line.author, *line.mentions)
        return True

    # Acting

    async def perform(self, action: Action) -> Outcome:
        """Do it once; see `Gateway.perform`."""
        await asyncio.sleep(0)
        kind = type(action)
        if not self._online:
            return Outcome(Status.UNSENT, detail="沙箱没有连接 not connected to the sandbox")
        if kind in self.faults.refuse:
            return Outcome(Status.REFUSED, detail=self.faults.refusal)
        if kind not in self.faults.ignore:
            try:
                id_ = self._do(action)
            except NotPossible as no:
                return Outcome(Status.REFUSED, detail=str(no))
            if kind in self.faults.lose:
                self.disconnect()
                return Outcome(Status.UNSURE, detail="线路中断 the line broke before the answer")
            outcome = self._outcome(action, "" if self.faults.without_ids else id_)
            lacks = show(self.network, self.person, action, self._pictures, self._abilities)
            return replace(outcome, detail=lacks, incomplete=True) if lacks else outcome
        return self._outcome(action, "")

    def _do(self, action: Action) -> str:
        """Do it on the network; the id of the new message, if it is one."""
        needed = _NEEDED.get(type(action))
        if needed and needed not in self._abilities:
            raise NotPossible(f"沙箱关闭了这个能力 switched off in the sandbox: {needed}")
        if isinstance(action, Say):
            return self._say(action).id
        room = self.network.room_of_id(action.group.id)
        if isinstance(action, Announce):
            self.network.announce(room, action.text, self.person)
        elif isinstance(action, Recall):
            self.network.recall(self.network.line(action.message_id), self.person)
        elif isinstance(action, Invite):
            self._invite(room, self.network.person_of_id(action.member.id))
        elif isinstance(action, Mute):
            member = self.network.person_of_id(action.member.id)
            self.network.mute(room, member, action.until, self.person)
        elif not self._happened(action):
            self.network.remove(room, self.network.person_of_id(action.member.id), self.person)
        return ""

    def _say(self, action: Say) -> Line:
        if isinstance(action.to, Identity):
            if Capability.SPEAK_IN_PRIVATE not in self._abilities:
                raise NotPossible("沙箱关闭了私聊 private words are switched off in the sandbox")
            to = self.network.person_of_id(action.to.id)
            return self.network.whisper(self.person, to, action.text, why=action.why)
        if Capability.SPEAK not in self._abilities:
            raise NotPossible("沙箱关闭了发言 speaking is switched off in the sandbox")
        room = self.network.room_of_id(action.to.id)
        present = [who for who in action.mentions if who.id in room.memberships]
        quoted = [line for line in self.network.lines if line.id == action.quotes]
        return self.network.speak(
            room,
            self.person,
            action.text,
            mention=[who.id for who in present] if Capability.MENTION in self._abilities else (),
            quote=quoted[-1] if quoted and Capability.QUOTE in self._abilities else None,
            why=action.why,
        )

    def _invite(self, room: Room, person: Person) -> None:
        if not room.has(person):
            self.network.join(room, person, self.person)

    def _outcome(self, action: Action, id_: str) -> Outcome:
        """What reading back shows; for speech, whether the platform gave an id."""
        if isinstance(action, Say):
            return Outcome(Status.DONE if id_ else Status.SENT, id_)
        if self._happened(action):
            return Outcome(Status.DONE)
        return Outcome(Status.IGNORED, detail="平台没有照做 the platform accepted and did nothing")

    async def confirm(self, action: Action) -> bool | None:
        """Whether it has taken effect; see `Gateway.confirm`."""
        await asyncio.sleep(0)
        return None if isinstance(action, Say) or not self._online else self._happened(action)

    def _happened(self, action: Remove | Announce | Recall | Invite | Mute) -> bool:
        try:
            room = self.network.room_of_id(action.group.id)
            if isinstance(action, Announce):
                return room.announcement == action.text
            if isinstance(action, Recall):
                return self.network.line(action.message_id).recalled
        except NotPossible:
            return False
        if isinstance(action, Mute):
            membership = room.memberships.get(action.member.id)
            return membership is not None and membership.muted_until == action.until
        present = action.member.id in room.memberships
        return present if isinstance(action, Invite) else not present

    async def close(self) -> None:
        """`events()` ends; nothing is heard or sent any more."""
        self._listening = False
        self._hearing.close()
