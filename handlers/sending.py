"""What operators decide about what waits to go out: again, never, stop all, go on.

Chat, command line and console all come here, and who may is checked here.
"""

from bot.events import Identity
from bot.texts import Text
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from storage.values import OutboxState
from storage.values_of_order import Doer

RESENT = Text(zh="已重新排队。", en="Queued again.")
CANCELLED = Text(zh="已取消，不会再发。", en="Cancelled: it will not go out.")
STOPPED = Text(
    zh="已停止一切发送，照常记录。", en="All sending is stopped; everything goes on being recorded."
)
RESUMED = Text(zh="发送已恢复。", en="Sending goes on.")
NOT_AGAIN = Text(
    zh="第 {row} 行不能重发：只有未确认、被拒绝或过时的可以。",
    en="Row {row} cannot be sent again: only what is unconfirmed, refused or expired can.",
)
SETTLED = Text(
    zh="第 {row} 行已经办了，或者不存在。", en="Row {row} is settled already, or not there."
)
STOPPED_ALREADY = Text(zh="发送本来就停着。", en="Sending is stopped already.")
NOT_STOPPED = Text(zh="发送没有停。", en="Sending was not stopped.")
STOPPED_BY = Text(zh="运营者停止了发送", en="an operator stopped sending")
SEEN = Text(zh="记下了：已经在群里，不再发。", en="Noted: it is there, and not sent again.")
NOT_IN_DOUBT = Text(
    zh="第 {row} 行没有疑问：已经有人处理，或者不存在。",
    en="Row {row} is not in doubt: somebody has dealt with it, or it is not there.",
)
SEEN_BY = Text(zh="运营者看到了", en="seen by an operator")
CANCELLED_BY = Text(zh="运营者取消", en="cancelled by an operator")


def resend(scene: Scene, row: int, by: Doer) -> Verdict:
    """An action goes out once more: for what somebody has looked for and not found."""
    if not _may(scene, by):
        return _no(NO_RIGHT)
    if not (_ours(scene, row) and scene.work.outbox.resend(row, scene.now)):
        return _no(NOT_AGAIN, row=row)
    _note(scene, by, "重发 resend", row)
    return Verdict(done=True, words=RESENT)


def seen(scene: Scene, row: int, by: Doer) -> Verdict:
    """What may or may not have gone out is there: somebody has looked."""
    if not _may(scene, by):
        return _no(NO_RIGHT)
    found = scene.work.outbox.get(row) if _ours(scene, row) else None
    if found is None or found.state is not OutboxState.UNCONFIRMED:
        return _no(NOT_IN_DOUBT, row=row)
    why = SEEN_BY.say(scene.house.language)
    scene.work.outbox.settle(row, OutboxState.DONE, scene.now, why)
    _note(scene, by, "已在群里 seen", row)
    return Verdict(done=True, words=SEEN)


def cancel(scene: Scene, row: int, by: Doer) -> Verdict:
    """An action that has not gone out never will."""
    if not _may(scene, by):
        return _no(NO_RIGHT)
    why = CANCELLED_BY.say(scene.house.language)
    if not (_ours(scene, row) and scene.work.outbox.cancel(row, scene.now, why)):
        return _no(SETTLED, row=row)
    _note(scene, by, "取消发送 cancel", row)
    return Verdict(done=True, words=CANCELLED)


def stop(scene: Scene, by: Doer) -> Verdict:
    """Nothing is said or done until somebody resumes; everything goes on being recorded."""
    if not _may(scene, by):
        return _no(NO_RIGHT)
    if _is_stopped(scene):
        return _no(STOPPED_ALREADY)
    account = scene.house.account
    scene.work.accounts.stop(account, STOPPED_BY.say(scene.house.language), scene.now)
    scene.work.audit.note(account, by, "停止发送 stop", "", "", scene.now)
    return Verdict(done=True, words=STOPPED)


def resume(scene: Scene, by: Doer) -> Verdict:
    """Sending goes on, whatever had stopped it."""
    if not _may(scene, by):
        return _no(NO_RIGHT)
    if not _is_stopped(scene):
        return _no(NOT_STOPPED)
    account = scene.house.account
    scene.work.accounts.resume(account, scene.now)
    scene.work.audit.note(account, by, "恢复发送 resume", "", "", scene.now)
    return Verdict(done=True, words=RESUMED)


def _may(scene: Scene, by: Doer) -> bool:
    return not isinstance(by, Identity) or role_of(scene, by) is not None


def _is_stopped(scene: Scene) -> bool:
    state = scene.work.accounts.get(scene.house.account)
    return state is not None and state.stopped_at is not None


def _ours(scene: Scene, row: int) -> bool:
    """Two accounts may share a database; each looks after its own."""
    found = scene.work.outbox.get(row)
    return found is not None and found.account == scene.house.account


def _note(scene: Scene, by: Doer, what: str, row: int) -> None:
    scene.work.audit.note(scene.house.account, by, what, f"#{row}", "", scene.now)


def _no(words: Text, **values: object) -> Verdict:
    return Verdict(done=False, words=words, values=values)
