"""Cases to try the stores of order on."""

from builders import NOON, group, person, said

from rules.base import Finding
from storage.work import Work

AD = Finding(rule="keywords", span=(2, 5), detail="命中「加微信」 matched")


def opened(work: Work, by: str = "小林", **over: object) -> int:
    """A case in 读书会; its number."""
    message = said("快加微信", by)
    fields: dict[str, object] = {
        "group": group(),
        "member": person(by),
        "finding": AD,
        "reason": "这里不做广告",
        "excerpt": "快加微信",
        "consequence": "remind",
        "at": NOON,
        "message_id": work.messages.add(message, keep_text=True),
        "platform_message_id": message.id,
        "reminded": True,
    }
    return work.cases.open(**(fields | over))  # type: ignore[arg-type]
