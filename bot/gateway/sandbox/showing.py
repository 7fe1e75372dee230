"""What follows a text in the sandbox: its picture, as a message of its own."""

from collections.abc import Collection
from pathlib import Path

from bot.actions import Action, Say
from bot.events import Group, Kind
from bot.gateway.base import Capability
from bot.gateway.pictures import NoPicture, lacking, picture
from bot.gateway.sandbox.network import SandboxNetwork
from bot.gateway.sandbox.people import Enclosure, Person


def show(
    network: SandboxNetwork,
    author: Person,
    action: Action,
    folder: Path | None,
    abilities: Collection[Capability],
) -> str:
    """Send the picture of what was said; why that could not be, empty if it could, or has none."""
    if not isinstance(action, Say) or not action.picture:
        return ""
    if Capability.SEND_PICTURE not in abilities:
        return lacking("沙箱关闭了图片 pictures are switched off in the sandbox")
    try:
        found = picture(action.picture, folder)
    except NoPicture as error:
        return lacking(str(error))
    shown = Enclosure(title=found.name, link=found.url, picture=found.data)
    if isinstance(action.to, Group):
        room = network.room_of_id(action.to.id)
        network.speak(room, author, kind=Kind.IMAGE, encloses=shown)
    else:
        to = network.person_of_id(action.to.id)
        network.whisper(author, to, kind=Kind.IMAGE, encloses=shown)
    return ""
