from collections import Counter
from datetime import datetime
from itertools import count

from builders import NOON, group, later, person
from sieving import every_kind, told

from bot.events import Identity, Kind
from handlers.rehearsing import Rehearsal
from handlers.replaying import OfRule, Replay
from handlers.settings import GroupSettings
from rules.base import Rule
from rules.flood import Flood
from rules.keywords import Keywords
from rules.newcomer import Newcomer
from storage.values_of_order import Said

WHY = "慢慢来"
_ids = count(1)


def words(name: str, *words: str, **over: object) -> Rule:
    """A rule that finds these words."""
    return Keywords.model_validate({"name": name, "reason": WHY, "words": words} | over)


def rehearsal(*rules: Rule) -> Rehearsal:
    """These rules, everywhere."""
    settings = GroupSettings(rules=rules)
    return Rehearsal(lambda _: settings, ())


def heard(
    text: str | None, by: str = "小林", at: datetime = NOON, author: Identity | None = None
) -> Said:
    """A recorded message."""
    number = next(_ids)
    who = author or person(by)
    return Said(number, f"m{number}", who, at, Kind.TEXT, text, len(text or "早"))


def run(before: Rehearsal | None, after: Rehearsal, *messages: Said, examples: int = 3) -> Replay:
    """A replay that has heard these."""
    replay = Replay(before, after, NOON, examples)
    for message in messages:
        replay.hear(group(), message)
    return replay


def counts(rule: OfRule) -> tuple[int, int, int, int, int]:
    """Before, after, newly, no longer, taken over."""
    return rule.before, rule.after, rule.newly, rule.no_longer, rule.taken_over


def test_the_difference():
    """Newly found, no longer found, found by another rule now; by rule and by person."""
    before = rehearsal(words("旧", "刷单", "代购"))
    after = rehearsal(words("新", "刷单", "兼职"))
    replay = run(
        before, after, heard("刷单"), heard("代购", "小吴"), heard("兼职", "小何"), heard("早")
    )

    assert (2, 0, 0, 1, 0) == counts(replay.rules["旧"])
    assert (0, 2, 1, 0, 1) == counts(replay.rules["新"])
    assert {(group(), person("小林")), (group(), person("小吴"))} == set(replay.touched_before)
    assert {(group(), person("小林")), (group(), person("小何"))} == set(replay.touched_after)
    assert ["兼职"] == [each.message.text for each in replay.rules["新"].examples]
    assert ["代购"] == [each.message.text for each in replay.rules["旧"].former]
    assert (4, 0) == (replay.messages, replay.unjudged)


def test_the_same_rules_make_no_difference():
    """A config compared with itself touches nobody otherwise."""
    rules = (words("一", "刷单"), Flood(reason=WHY, limit=2))
    said = [heard("刷单", at=later(seconds=n)) for n in range(5)]
    replay = run(rehearsal(*rules), rehearsal(*rules), *said)

    assert replay.touched_before == replay.touched_after
    assert [(5, 5, 0, 0, 0)] == [counts(each) for each in replay.rules.values()]


def test_without_a_proposal():
    """Everything that the rules find is new."""
    replay = run(None, rehearsal(words("一", "刷单")), heard("刷单"), heard("早"))

    assert (0, 1, 1, 0, 0) == counts(replay.rules["一"])
    assert not replay.compares


def test_from_shadow_to_light():
    """A rule that leaves the shadow touches people newly."""
    before, after = rehearsal(words("一", "刷单", shadow=True)), rehearsal(words("一", "刷单"))
    replay = run(before, after, heard("刷单"))

    rule = replay.rules["一"]
    assert (0, 1, 1, 0, 0) == counts(rule)
    assert (1, 0, Counter(remind=1)) == (rule.silent_before, rule.silent_after, rule.follows)


def test_what_was_said_before_is_only_the_past():
    """What is older than the time asked for touches nobody, and is counted on."""
    flood = rehearsal(Flood(reason=WHY, limit=2))
    replay = run(None, flood, *(heard("早", at=later(seconds=n)) for n in (-3, -2, -1, 1)))

    assert (1, 1) == (replay.messages, replay.rules["flood"].after)


def test_what_could_not_be_judged():
    """It is said how many messages, for want of what, and by which rules."""
    replay = run(
        rehearsal(words("旧", "刷单")),
        rehearsal(words("新", "刷单")),
        heard(None),
        heard("早"),
        Said(0, "m0", None, NOON, Kind.TEXT, None, 3),
    )

    assert (3, 1, 1) == (replay.messages, replay.unjudged, replay.nameless)
    assert {"text": 1} == replay.lacking
    assert {"旧": 1, "新": 1} == {name: each.unjudged for name, each in replay.rules.items()}


def test_newcomers_by_the_record():
    """Who is new is told by when they came and how much they said since, as it was then."""
    link = "看 https://a.example/x"
    replay = Replay(None, rehearsal(Newcomer(reason=WHY, messages=2)), NOON, 3)
    replay.enter(group(), {person("小林"): [later(days=-9), later(days=3)]})
    for message in (
        heard("早", at=later(days=-2)),
        heard(link),
        heard(link, at=later(days=1)),
        heard(link, "小吴"),
        heard(link, at=later(days=3, hours=1)),
        heard("早", at=later(days=5)),
        heard(link, at=later(days=5)),
    ):
        replay.hear(group(), message)

    found = [each.message.at for each in replay.rules["newcomer"].examples]
    assert [NOON, later(days=3, hours=1)] == found


def test_so_many_examples():
    """The newest ones, no more than asked for."""
    said = [heard("刷单", at=later(days=n)) for n in range(5)]
    replay = run(None, rehearsal(words("一", "刷单")), *said, examples=2)

    assert [later(days=3), later(days=4)] == [
        each.message.at for each in replay.rules["一"].examples
    ]


def test_all_at_once_is_one_after_another():
    """The same is found in whatever is said, by every kind of rule, and a tick follows each."""
    messages = [heard(text, by=f"成员{len(text) % 7}") for text in told()] + [heard(None)]
    one_by_one = run(None, rehearsal(*every_kind()), *messages, examples=9)
    together = Replay(None, rehearsal(*every_kind()), NOON, 9)
    ticks: list[int] = []
    together.hear_all([(group(), each) for each in messages], lambda: ticks.append(1))

    assert one_by_one.rules == together.rules
    assert one_by_one.touched_after == together.touched_after
    assert (len(messages), one_by_one.unjudged) == (len(ticks), together.unjudged)
