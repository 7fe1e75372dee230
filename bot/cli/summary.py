"""A group's summary as a person reads it, on the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.cli import words
from bot.cli.marking import consequence
from bot.cli.speech import tr
from bot.shown import shown
from rules.consequences import Consequence, by_word
from rules.discovery import all_rules
from storage.values import Case
from storage.values_of_order import CaseState
from storage.values_of_reports import GroupSummary

_BAR = 24
"""The longest bar, in characters."""
_MOST = 8
"""How many speakers and pairs are shown at the most."""


def render(summary: GroupSummary) -> RenderableType:
    """Messages, who spoke, who answered whom, cases and posts of one group."""
    title = Text(f"\n{shown(summary.group.name)}", style="bold")
    head = tr(
        f"{summary.messages} 条消息，{len(summary.speakers)} 人发言，"
        f"新来 {len(summary.joined)} 人，离开 {len(summary.left)} 人",
        f"{summary.messages} messages, {len(summary.speakers)} people spoke, "
        f"{len(summary.joined)} joined, {len(summary.left)} left",
    )
    parts = (_speakers(summary), _edges(summary), _cases(summary), _posts(summary))
    return Group(title, Text(head), *(part for part in parts if part))


def _speakers(summary: GroupSummary) -> Table | None:
    if not summary.speakers:
        return None
    table = _table(tr("谁说了话", "who spoke"))
    most = summary.speakers[0].count
    for speaker in summary.speakers[:_MOST]:
        bar = "▇" * max(1, round(_BAR * speaker.count / most))
        table.add_row(_said(speaker.name), str(speaker.count), Text(bar, style="cyan"))
    return table


def _edges(summary: GroupSummary) -> Table | None:
    if not summary.edges:
        return None
    table = _table(tr("谁回应了谁", "who answered whom"))
    for edge in summary.edges[:_MOST]:
        table.add_row(_said(f"{edge.from_name} → {edge.to_name}"), str(edge.count))
    return table


def _cases(summary: GroupSummary) -> Table | None:
    if not summary.cases:
        return None
    table = _table(tr("案件", "cases"))
    for case in summary.cases:
        who = _said(case.member.name if case.member else "—")
        rule = _said(tr(*_rule(case.rule)))
        table.add_row(f"#{case.number}", rule, who, _said(case.detail), _outcome(case))
    return table


def _rule(name: str) -> tuple[str, str]:
    kind = all_rules().get(name)
    return (kind.title.zh, kind.title.en) if kind else (name, name)


def _outcome(case: Case) -> str:
    """What the member heard, unless it was taken back."""
    if case.state is CaseState.OVERTURNED:
        return tr("已撤销", "taken back")
    if case.shadow:
        return tr("只计数", "only counted")
    if not case.reminded and case.consequence == Consequence.REMIND.word:
        return tr("冷却中，未再提醒", "cooling down")
    return consequence(by_word(case.consequence))


def _posts(summary: GroupSummary) -> Table | None:
    if not summary.posts:
        return None
    table = _table(tr("话题", "topics"))
    for post in summary.posts:
        answers = tr(
            f"{post.answers} 条回应，{post.people} 人",
            f"{post.answers} answers, {post.people} people",
        )
        table.add_row(_said(post.topic_title), words.slot(post.state), answers)
    return table


def _said(text: str) -> Text:
    """Chat text as a cell: no control characters, and never read as Rich's markup."""
    return Text(shown(text), overflow="fold")


def _table(title: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, show_header=False
    )
    table.add_column(overflow="fold")
    return table
