"""Erasing one person for good: an admin's decision, whoever asked for it."""

from bot.events import Identity
from bot.texts import Text
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from storage.values_of_order import Doer, OperatorRole

FORGOTTEN = Text(
    zh="已抹去，动了 {rows} 处记录。他以后说的话不再记名。",
    en="Erased, {rows} records were touched. What they say from now on is recorded without a name.",
)
NOBODY = Text(zh="没有这个人。", en="There is no such person.")
ONLY_ADMINS = Text(zh="只有管理员可以抹去一个人。", en="Only admins may erase somebody.")
_DID = "抹去成员 forget"


def forget(scene: Scene, member_id: int, by: Doer) -> Verdict:
    """Everything that names the person goes; the audit trail says that somebody was erased."""
    if isinstance(by, Identity):
        role = role_of(scene, by)
        if role is not OperatorRole.ADMIN:
            return Verdict(done=False, words=NO_RIGHT if role is None else ONLY_ADMINS)
    try:
        touched = scene.work.members.forget(member_id, scene.now)
    except KeyError:
        return Verdict(done=False, words=NOBODY)
    scene.work.audit.note(scene.house.account, by, _DID, "", "", scene.now)
    return Verdict(done=True, words=FORGOTTEN, values={"rows": sum(touched.values())})
