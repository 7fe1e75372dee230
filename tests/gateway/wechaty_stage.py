"""Wechaty's far side for the shared exam: the real Node server over TLS, with a mock puppet."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import timedelta

from gateway.node_server import Server
from gateway.stage import ACCOUNT, NOTHING, Enclosed, Said, Stage
from pydantic import SecretStr

from bot.actions import Action, Announce, Invite, Recall, Remove, Say
from bot.events import Group, Identity, Kind, Quote
from bot.gateway.base import CaresFor, nowhere
from bot.gateway.settings import WechatySettings
from bot.gateway.wechaty.gateway import WechatyGateway

_METHODS = {
    Say: "messageSendText",
    Remove: "roomDel",
    Announce: "roomAnnounce",
    Invite: "roomAdd",
    Recall: "messageRecall",
}


class WechatyStage(Stage):
    """One PuppetServer in this worker's Node process."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._gateways: list[WechatyGateway] = []

    async def open(self) -> None:
        """Start it."""
        self._server = Server()

    async def close(self) -> None:
        """Close the gateways, then the server."""
        for gateway in self._gateways:
            await gateway.close()
        if self._server is not None:
            self._server.close()

    @property
    def server(self) -> Server:
        """The open server."""
        assert self._server is not None
        return self._server

    def gateway(self, cares_for: CaresFor, wants_pictures: CaresFor = nowhere) -> WechatyGateway:
        """A new client of the server."""
        settings = WechatySettings(
            endpoint=f"127.0.0.1:{self.server.port}", read_back=timedelta(seconds=1)
        )
        token = SecretStr(self.server.token)
        gateway = WechatyGateway(
            ACCOUNT,
            settings,
            token,
            cares_for,
            wants_pictures=wants_pictures,
            pictures=self.pictures,
        )
        self._gateways.append(gateway)
        return gateway

    async def me(self) -> Identity:
        """Our account."""
        return Identity(ACCOUNT, self.server.me, "围炉")

    async def person(self, name: str) -> Identity:
        """Somebody new."""
        return Identity(ACCOUNT, self.server.do("contact", name=name), name)

    async def add_group(
        self, name: str, members: Sequence[Identity], *, admin: bool = True
    ) -> Group:
        """A new group."""
        ids = [member.id for member in members]
        return Group(ACCOUNT, self.server.do("room", name=name, members=ids, admin=admin), name)

    async def join(self, group: Group, who: Identity, inviter: Identity) -> None:
        """Somebody comes."""
        self.server.do("join", room=group.id, whos=[who.id], by=inviter.id)

    async def leave(self, group: Group, who: Identity) -> None:
        """Somebody leaves: WeChat names the person as the remover."""
        self.server.do("leave", room=group.id, whos=[who.id], by=who.id)

    async def remove(self, group: Group, who: Identity, by: Identity) -> None:
        """Somebody is removed."""
        self.server.do("leave", room=group.id, whos=[who.id], by=by.id)

    async def speak(
        self,
        group: Group | None,
        who: Identity,
        text: str = "",
        *,
        kind: int = Kind.TEXT,
        mentions: Sequence[Identity] = (),
        quote: Quote | None = None,
        encloses: Enclosed = NOTHING,
    ) -> str:
        """Somebody speaks; a reply has the form that WeChat gives it."""
        if quote is not None:
            text = f"「{quote.name}：{quote.text}」\n- - - - - - - - - - - - - - -\n{text}"
        text = "".join(f"@{person.name}\u2005" for person in mentions) + text
        id_: str = self.server.do(
            "speak",
            room=group.id if group else None,
            who=who.id,
            text=text,
            type=int(kind),
            mentions=[person.id for person in mentions],
            card=_card(kind, encloses),
            filename=encloses.title if kind == Kind.ATTACHMENT else "",
            bytes=b64encode(encloses.picture).decode(),
        )
        return id_

    async def lose_pictures(self) -> None:
        """Load none from now on."""
        for method in ("messageImage", "messageFile"):
            self.server.do("fault", method=method, error="the picture has expired")

    async def rename(self, group: Group, name: str, by: Identity) -> None:
        """The group is renamed."""
        self.server.do("rename", room=group.id, name=name, by=by.id)

    async def recall(self, group: Group, message_id: str) -> None:
        """A message is taken back."""
        self.server.do("recall", id=message_id)

    async def said(self) -> list[Said]:
        """What we said."""
        return [
            Said(said["to"], said["text"], tuple(said["mentions"]))
            for said in self.server.do("said")
        ]

    async def shown(self) -> list[Enclosed]:
        """What we showed."""
        return [
            Enclosed(box["name"], link=box["url"], picture=b64decode(box["bytes"]))
            for box in self.server.do("shown")
        ]

    async def refuse_pictures(self) -> None:
        """Refuse from now on."""
        self.server.do("fault", method="messageSendFile", error="refused by the platform")

    async def members(self, group: Group) -> set[str]:
        """Who is in the group."""
        return set(self.server.do("members", room=group.id))

    async def announcement(self, group: Group) -> str:
        """The announcement."""
        text: str = self.server.do("announcement", room=group.id)
        return text

    async def refuse(self, action: type[Action]) -> None:
        """Refuse from now on."""
        self.server.do("fault", method=_METHODS[action], error="refused by the platform")

    async def ignore(self, action: type[Action]) -> None:
        """Ignore from now on."""
        self.server.do("fault", method=_METHODS[action], ignore=True)

    async def disconnect(self) -> None:
        """The server goes away."""
        self.server.do("stop")

    async def reconnect(self) -> None:
        """It is started again on the same port."""
        self.server.do("start")


def _card(kind: int, encloses: Enclosed) -> dict[str, str]:
    """A card as puppets tell it."""
    card = {"title": encloses.title, "description": encloses.description}
    if kind != Kind.MINI_PROGRAM:
        return card | {"url": encloses.link}
    program, _, page = encloses.link.partition("/")
    return card | {"appid": program, "pagePath": page}


def make() -> Stage:
    """A stage with nobody on it but us."""
    return WechatyStage()
