"""An embedded group network in one process: a gateway to try, show and test everything with.

`SandboxNetwork` is the network, driven by plain calls; `SandboxGateway` is one account in it.

    network = SandboxNetwork(MovableClock(morning))
    gateway = SandboxGateway(network, account="围炉")
    group = network.add_group("读书会", "老周", "小林", admins=[gateway.person])
    network.speak(group, "小林", "大家早上好")
    network.said   # what the bot said
"""

from bot.gateway.sandbox.clock import ShiftedClock
from bot.gateway.sandbox.faults import Faults
from bot.gateway.sandbox.gateway import SandboxGateway
from bot.gateway.sandbox.happenings import (
    Announced,
    Befriended,
    Happening,
    Invited,
    Joined,
    Left,
    Nicknamed,
    Recalled,
    Renamed,
    Spoken,
)
from bot.gateway.sandbox.network import SandboxNetwork
from bot.gateway.sandbox.people import Enclosure, Line, NotPossible, Person, Role, Room

__all__ = [
    "Announced",
    "Befriended",
    "Enclosure",
    "Faults",
    "Happening",
    "Invited",
    "Joined",
    "Left",
    "Line",
    "Nicknamed",
    "NotPossible",
    "Person",
    "Recalled",
    "Renamed",
    "Role",
    "Room",
    "SandboxGateway",
    "SandboxNetwork",
    "ShiftedClock",
    "Spoken",
]
