"""What a replay found, shown to a person or as plain data."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.cli.marking import consequence, follows, lacking, marked, unshortened
from bot.cli.opening import out
from bot.cli.speech import tr
from bot.events import Group, Identity
from bot.shown import shown
from handlers.replaying import Example, OfRule, Replay
from handlers.wording import harmless
from rules.consequences import by_word

_MOST_NAMES = 12


def plain(run: Replay, since: datetime, *, whole: bool) -> dict[str, Any]:
    """For programs; `whole` is false where it was stopped before the end."""
    newly, no_longer = run.people()
    return {
        "since": since.isoformat(),
        "whole": whole,
        "messages": run.messages,
        "not_judged": {
            "messages": run.unjudged,
            "lacking": {part.value: count for part, count in sorted(run.lacking.items())},
            "forgotten": run.nameless,
        },
        "members": {
            "before": len(run.touched_before) if run.compares else None,
            "after": len(run.touched_after),
            "newly": [_person(*one) for one in newly] if run.compares else None,
            "no_longer": [_person(*one) for one in no_longer] if run.compares else None,
        },
        "rules": {name: _of_rule(rule, run) for name, rule in sorted(run.rules.items())},
    }


def show(run: Replay, since: datetime, zone: tzinfo, *, whole: bool) -> None:
    """For people, by their own clock."""
    since = since.astimezone(zone)
    if not whole:
        out.print(
            tr("中途停下，只算到这里：", "Stopped on the way, up to here only:"), style="yellow"
        )
    out.print(
        tr(
            f"{since:%Y-%m-%d %H:%M} 以来 {run.messages} 条消息。",
            f"{run.messages} messages since {since:%Y-%m-%d %H:%M}.",
        )
    )
    _show_unjudged(run)
    if not run.rules:
        out.print(tr("没有碰到任何规则。", "No rule matches."))
        return
    out.print(_table(run))
    if run.compares:
        _show_people(run)
    for name, rule in sorted(run.rules.items()):
        title = tr("新碰到", "newly found") if run.compares else tr("碰到", "found")
        _show_examples(name, title, rule.examples, zone)
        _show_examples(name, tr("不再碰到", "no longer found"), rule.former, zone)


def _show_unjudged(run: Replay) -> None:
    if run.nameless:
        out.print(
            tr(
                f"{run.nameless} 条出自已被遗忘的人，没有判断。",
                f"{run.nameless} messages of people who were forgotten were not judged.",
            ),
            style="yellow",
        )
    if not run.unjudged:
        return
    missing = "，".join(f"{lacking(part)} {count}" for part, count in sorted(run.lacking.items()))
    blind = {name: rule.unjudged for name, rule in sorted(run.rules.items()) if rule.unjudged}
    rules = "，".join(f"{shown(name)} {count}" for name, count in blind.items())
    out.print(
        tr(
            f"{run.unjudged} 条有规则判断不了（{missing}）：{rules}",
            f"{run.unjudged} messages could not be judged by every rule ({missing}): {rules}",
        ),
        markup=False,
        soft_wrap=True,
        style="yellow",
    )


def _table(run: Replay) -> Table:
    compared = (tr("现在", "now"),) if run.compares else ()
    changes = (tr("新碰到", "newly"), tr("不再", "no longer"), tr("改由它", "taken over"))
    table = Table(
        tr("规则", "rule"),
        *compared,
        tr("改后", "then") if run.compares else tr("碰到", "found"),
        *(changes if run.compares else ()),
        tr("只记下", "only noted"),
        tr("之后", "what follows"),
    )
    unshortened(table)
    for name, rule in sorted(run.rules.items()):
        cells = [name]
        if run.compares:
            cells += [str(rule.before), str(rule.after)]
            cells += [str(rule.newly), str(rule.no_longer), str(rule.taken_over)]
        else:
            cells += [str(rule.after)]
        cells += [_noted(rule, run), _follows(rule, run)]
        table.add_row(*(Text(shown(cell)) for cell in cells))
    return table


def _noted(rule: OfRule, run: Replay) -> str:
    if run.compares and rule.silent_before != rule.silent_after:
        return f"{rule.silent_before} → {rule.silent_after}"
    return str(rule.silent_after)


def _follows(rule: OfRule, run: Replay) -> str:
    """What follows, and what did where that is something else."""
    after = _counted(rule.follows)
    if run.compares and rule.followed != rule.follows:
        return f"{_counted(rule.followed)} → {after}"
    return after


def _counted(follows: Counter[str]) -> str:
    ordered = sorted((by_word(word), count) for word, count in follows.items())
    return "，".join(f"{consequence(which)} {count}" for which, count in ordered) or "—"


def _show_people(run: Replay) -> None:
    newly, no_longer = run.people()
    for title, people in (
        (tr("新被碰到的人", "People newly touched"), newly),
        (tr("不再被碰到的人", "People no longer touched"), no_longer),
    ):
        names = "、".join(harmless(who.name or who.id) for _, who in people[:_MOST_NAMES])
        more = "……" if len(people) > _MOST_NAMES else ""
        colon = f"：{names}{more}" if people else ""
        out.print(f"{title} {len(people)}{colon}", markup=False, soft_wrap=True)


def _show_examples(name: str, title: str, examples: Iterable[Example], zone: tzinfo) -> None:
    for each in examples:
        message, finding = each.message, each.touch.found.finding
        who = harmless(message.author.name or message.author.id)
        at = message.at.astimezone(zone)
        place = f"{at:%m-%d %H:%M} {harmless(each.group.name or each.group.id)} {who}"
        out.print(f"{shown(name)} {title}：{place}", markup=False, soft_wrap=True, style="dim")
        said = marked(message.text, finding.span) or shown(finding.detail)
        out.print(f"  {said} → {follows(each.touch.step)}", markup=False, soft_wrap=True)


def _of_rule(rule: OfRule, run: Replay) -> dict[str, Any]:
    found: dict[str, Any] = {
        "after": rule.after,
        "noted_after": rule.silent_after,
        "not_judged": rule.unjudged,
        "follows": dict(rule.follows),
        "examples": [_example(each) for each in rule.examples],
    }
    if run.compares:
        found |= {
            "before": rule.before,
            "followed": dict(rule.followed),
            "noted_before": rule.silent_before,
            "newly": rule.newly,
            "no_longer": rule.no_longer,
            "taken_over": rule.taken_over,
            "former": [_example(each) for each in rule.former],
        }
    return found


def _example(each: Example) -> dict[str, Any]:
    finding = each.touch.found.finding
    return {
        "at": each.message.at.astimezone(UTC).isoformat(),
        "group": each.group.name,
        "member": each.message.author.name,
        "text": each.message.text,
        "span": list(finding.span),
        "detail": finding.detail,
        "follows": each.touch.step.written,
    }


def _person(group: Group, who: Identity) -> dict[str, str]:
    return {"group": group.name, "member": who.name, "id": who.id}
