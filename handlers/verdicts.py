"""What came of a decision: whether it was made, what to answer, and what follows."""

from collections.abc import Mapping
from dataclasses import field

from bot.actions import Action
from bot.frozen import frozen
from bot.texts import Language, Text
from handlers.wording import say
from storage.values_of_order import CaseState


@frozen
class Verdict:
    """`words`, filled with `values`, are for whoever decided; `actions` are still to be staged."""

    done: bool
    words: Text
    values: Mapping[str, object] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()

    def say(self, language: Language) -> str:
        """The answer to whoever decided."""
        return say(self.words, language, **self.values)


STATES = {
    CaseState.OPEN: Text(zh="未决", en="open"),
    CaseState.CONFIRMING: Text(zh="待确认", en="to be confirmed"),
    CaseState.UPHELD: Text(zh="维持", en="upheld"),
    CaseState.OVERTURNED: Text(zh="撤销", en="overturned"),
}
"""What is said of a case."""

UPHELD = Text(
    zh="案件 {case} 已维持：{who}，{what}。弄错了就写：撤销 {case} 理由",
    en="Case {case} is upheld: {who}, {what}. If that was wrong: overturn {case} and why",
)
OVERTURNED = Text(
    zh="案件 {case} 已撤销：{who} 的{what}取消，不再计入记录。还要处理，就重新下令。",
    en="Case {case} is overturned: {what} of {who} is taken back and counts no more. To act after"
    " all, give a new order.",
)
RELEASED = Text(
    zh="已解除：{who} 在「{place}」的{what}；案件 {case} 仍在记录里。还要处理，就重新下令。",
    en="Lifted: {what} of {who} in “{place}”; case {case} stays on record. To act after all, give a"
    " new order.",
)
SANCTIONED = Text(
    zh="案件 {case}：「{place}」的 {who}，{what}。要取消就写：撤销 {case} 理由",
    en="Case {case}: {who} in “{place}”, {what}. To take it back: overturn {case} and why",
)
CONFIRMING = Text(
    zh="案件 {case}：「{place}」的 {who}，{what}。{whom}，要另一位运营者确认才会执行："
    "维持 {case} 理由，或 撤销 {case} 理由",
    en="Case {case}: {who} in “{place}”, {what}. {whom}: another operator has to confirm it first:"
    " uphold {case} and why, or overturn {case} and why",
)
NO_RIGHT = Text(zh="只有运营者可以这样做。", en="Only operators may do this.")
NO_CASE = Text(zh="没有案件 {case}。", en="There is no case {case}.")
NO_REASON = Text(zh="请写上理由，当事人会读到。", en="Please say why: the person will read it.")
ABOUT_YOURSELF = Text(
    zh="这个案件与你本人有关，请别的运营者决定。",
    en="This case is about you: another operator has to decide.",
)
YOUR_OWN = Text(
    zh="案件 {case} 是你处理的，请另一位运营者来决定。",
    en="You acted in case {case}, so another operator has to decide.",
)
TOO_LATE = Text(
    zh="案件 {case} 已由 {who} 决定：{state}。", en="Case {case} was decided by {who}: {state}."
)
NOTHING_IN_FORCE = Text(zh="对方现在没有受处理。", en="Nothing is in force against them.")
NOT_US = Text(zh="不能处理我自己。", en="I cannot do that to myself.")
ALREADY = Text(zh="这已经记为案件 {case}。", en="This is case {case} already.")
