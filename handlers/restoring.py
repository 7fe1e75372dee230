"""What operators wanted of a due time ahead is wanted no more: it comes as it would have come."""

from bot.events import Group
from bot.texts import Text
from handlers.coming import coming, coming_at
from handlers.rights import no_right
from handlers.scene import Scene
from handlers.settings import GroupSettings
from handlers.verdicts import Verdict
from handlers.wording import harmless, moment
from storage.values_of_order import Doer
from storage.values_of_programmes import Arranged

RESTORED = Text(
    zh="「{place}」{at} 的「{programme}」照常发。",
    en="“{programme}” in “{place}” on {at} comes as usual.",
)
NOTHING_WANTED = Text(
    zh="「{place}」的这一次没有安排过，或者已经办过：请刷新。",
    en="Nothing was arranged for this one of “{place}”, or it is dealt with: please look again.",
)

NOTHING_AHEAD = Text(
    zh="「{place}」接下来的都没有跳过，也没有换过，照常发。",
    en="Nothing that is ahead in “{place}” was left out or changed: all comes as usual.",
)

_WANTED = (Arranged.SKIP, Arranged.PIN)
_MOST = 20
"""Due times ahead that are looked through."""


def restore_next(
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str = ""
) -> Verdict:
    """The same for the first due time ahead, of any programme if none is named, it is true of."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    wanted = {
        (each.programme, each.wall)
        for each in scene.work.arrangements.of_group(group)
        if each.what in _WANTED
    }
    for each in coming(scene, group, settings, programme, _MOST):
        if (each.programme, each.wall) in wanted:
            return restore(scene, group, settings, by, each.programme, each.wall)
    return Verdict(
        done=False, words=NOTHING_AHEAD, values={"place": harmless(group.name) or group.id}
    )


def restore(  # noqa: PLR0917 in the order of a sentence
    scene: Scene, group: Group, settings: GroupSettings, by: Doer, programme: str, wall: str
) -> Verdict:
    """The due time at `wall` is neither left out nor has it a topic that somebody chose."""
    refusal = no_right(scene, by)
    if refusal is not None:
        return refusal
    place = harmless(group.name) or group.id
    found = coming_at(scene, group, settings, programme, wall)
    removed = found is not None and [
        scene.work.arrangements.remove(group, programme, wall, what) for what in _WANTED
    ]
    if found is None or not any(removed or ()):
        return Verdict(done=False, words=NOTHING_WANTED, values={"place": place})
    about = f"「{place}」{harmless(programme)} {wall}"
    scene.work.audit.note(scene.house.account, by, "话题 照常 topic restore", about, "", scene.now)
    values = {
        "place": place,
        "programme": harmless(programme),
        "at": moment(found.at, found.zone, scene.now),
    }
    return Verdict(done=True, words=RESTORED, values=values)
