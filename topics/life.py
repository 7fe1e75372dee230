"""The life of a topic: proposed, approved, resting now and then, retired for good."""

from collections.abc import Mapping

from storage.values import TopicStatus

WORDS = {
    TopicStatus.PROPOSED: "待审",
    TopicStatus.APPROVED: "可用",
    TopicStatus.RESTING: "休息",
    TopicStatus.RETIRED: "停用",
}
"""What each status is called in Chinese."""

_NEXT: Mapping[TopicStatus, tuple[TopicStatus, ...]] = {
    TopicStatus.PROPOSED: (TopicStatus.APPROVED, TopicStatus.RETIRED),
    TopicStatus.APPROVED: (TopicStatus.RESTING, TopicStatus.RETIRED),
    TopicStatus.RESTING: (TopicStatus.APPROVED, TopicStatus.RETIRED),
    TopicStatus.RETIRED: (),
}
"""A proposal that is declined is retired, too: it stays known, and can be told from a new one."""


class WrongStep(ValueError):  # noqa: N818 - it is shown to whoever asked for the step
    """A status that cannot follow; the words say what can."""


def moved(was: TopicStatus, status: TopicStatus) -> TopicStatus:
    """The status a topic has next; staying what it was is no step. Raises WrongStep."""
    if status not in (was, *_NEXT[was]):
        raise WrongStep(
            f"「{WORDS[was]}」的话题不能改成「{WORDS[status]}」；{_choice_zh(was)}"
            f" a topic that is {was} cannot become {status}; {_choice_en(was)}"
        )
    return status


def _choice_zh(was: TopicStatus) -> str:
    words = "、".join(f"「{WORDS[each]}」" for each in _NEXT[was])
    return f"可以改成{words}" if words else "停用后不再改，请另写一个"


def _choice_en(was: TopicStatus) -> str:
    words = " or ".join(_NEXT[was])
    return f"it can become {words}" if words else "that is final: write another one"
