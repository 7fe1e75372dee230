"""Ticks off a task card: what a human had to do is done.

Chat and console come here. A card that asks for a decision says which; it is not ticked off.
"""

from bot.events import Identity
from bot.texts import Text
from handlers.cards import named
from handlers.rights import role_of
from handlers.scene import Scene
from handlers.verdicts import NO_RIGHT, Verdict
from handlers.wording import harmless
from storage.values_of_order import Doer, Task, TaskKind, TaskState

NO_TASK = Text(zh="没有任务 {number}。", en="There is no task {number}.")
DONE = Text(zh="任务 {number} 已完成，谢谢。", en="Task {number} is done, thank you.")
DONE_ALREADY = Text(
    zh="任务 {number} 已经结束：{why}", en="Task {number} was settled already: {why}"
)
DECIDE = Text(
    zh="任务 {number} 要的是一个决定：维持 {case} 理由，或 撤销 {case} 理由。",
    en="Task {number} asks for a decision: uphold {case} reason, or overturn {case} reason.",
)
SEEN = Text(
    zh="任务 {number} 问的是公告看不看得到：已公布 {number}，或 再发 {number}。",
    en="Task {number} asks whether it can be seen: posted {number}, or say again {number}.",
)
PROPOSAL = Text(
    zh="任务 {number} 是成员推荐的话题：通过 {number}，或 婉拒 {number} 理由。",
    en="Task {number} is a topic that a member proposed: approve {number}, or decline {number} and"
    " why.",
)

_ASKS = {
    TaskKind.NOTICE: SEEN,
    TaskKind.TOPIC: PROPOSAL,
    TaskKind.APPEAL: DECIDE,
    TaskKind.CONFIRM: DECIDE,
    TaskKind.REPORT: DECIDE,
}
_LONGEST = 100


def finish(scene: Scene, number: int, by: Doer, why: str) -> Verdict:
    """What the card asked for has been done; `why` may be empty."""
    if isinstance(by, Identity) and role_of(scene, by) is None:
        return Verdict(done=False, words=NO_RIGHT)
    task = scene.work.tasks.get(number)
    if task is None or task.account != scene.house.account:
        return Verdict(done=False, words=NO_TASK, values={"number": number})
    if task.kind in _ASKS and _waits(task):
        values = {"number": number, "case": task.case or 0}
        return Verdict(done=False, words=_ASKS[task.kind], values=values)
    who = named(by) if isinstance(by, Identity) else by
    told = f"{who}：{harmless(why, _LONGEST)}".rstrip("：")
    if not scene.work.tasks.settle(number, TaskState.DONE, scene.now, told):
        settled = harmless(task.settled_why, _LONGEST)
        return Verdict(False, DONE_ALREADY, {"number": number, "why": settled})
    account = scene.house.account
    scene.work.audit.note(account, by, "完成 done", f"任务 {number}", why, scene.now)
    return Verdict(True, DONE, {"number": number})


def _waits(task: Task) -> bool:
    return task.state in (TaskState.OPEN, TaskState.OVERDUE)
