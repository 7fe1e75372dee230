"""Tests of storage/reports_of_groups.py, storage/ahead.py and storage/cards.py."""

from datetime import timedelta

from builders import ACCOUNT, BOT, NOON, group, joined, later, person, said

from bot.events import SlotDue
from storage.database import Database
from storage.values import InteractionKind, SlotState
from storage.values_of_programmes import Arranged, Waiting
from storage.values_of_reports import Came, Heard, Spoke, Turned
from storage.work import Work

BOOKS, TEA = group("读书会"), group("茶馆")
EVER = later(days=-400)
HOUR, QUARTER = 3600, 900


def talk(work: Work, by: str, hours: float, to: str = "") -> None:
    """Somebody says something so many hours after noon, perhaps to somebody."""
    at = later(hours=hours)
    key = work.messages.add(said("嗯", by=by, group=BOOKS, at=at), keep_text=False)
    work.memberships.seen(BOOKS, person(by), at)
    if to:
        assert key is not None
        for kind in (InteractionKind.MENTION, InteractionKind.REPLY):
            work.interactions.add(BOOKS, person(by), person(to), kind, at, key)


def ids(work: Work, *names: str) -> list[int]:
    """Our own numbers of these people."""
    found = [work.members.id_if_known(person(name)) for name in names]
    return [each for each in found if each is not None]


def key(work: Work) -> int:
    """Our own number of the group."""
    found = work.groups.key_if_known(BOOKS)
    assert found is not None
    return found


def test_what_was_said_is_counted_by_pieces_of_time(database: Database) -> None:
    """Whole hours or quarters since 1970, from one moment and to just before another."""
    noon = int(NOON.timestamp())
    with database.work() as work:
        for hours in (-2, -1.1, -1, -0.9, 0):
            talk(work, "小林", hours)
        work.messages.add(said("题", group=BOOKS, ours=True, at=later(hours=-1)), keep_text=False)
        work.commit()
    with database.reading() as reports:
        at = key(reports.stores)
        by_hour = reports.of_groups.heard(at, later(hours=-2), NOON, HOUR)
        by_quarter = reports.of_groups.heard(at, later(hours=-1), NOON, QUARTER)

    assert {Heard(noon // HOUR - 2, 2), Heard(noon // HOUR - 1, 2)} == set(by_hour)
    assert [Heard(noon // QUARTER - 4, 2)] == by_quarter


def test_who_spoke_and_when(database: Database) -> None:
    """How much each said; of those that are asked about, in which hours."""
    with database.work() as work:
        for hours in (-3, -2.5, -2):
            talk(work, "小林", hours)
        talk(work, "阿布", -1)
        work.commit()
    with database.reading() as reports:
        at = key(reports.stores)
        lin, bu = ids(reports.stores, "小林", "阿布")
        speakers = reports.of_groups.speakers(at, EVER, NOON)
        spoke = reports.of_groups.spoke(at, [lin], EVER, NOON, HOUR)

    noon = int(NOON.timestamp()) // HOUR
    assert {lin: 3, bu: 1} == speakers
    assert {Spoke(lin, noon - 3), Spoke(lin, noon - 2)} == set(spoke)


def test_newcomers_and_who_turned_to_them(database: Database) -> None:
    """The first time after they came, by a member; what the account says does not count."""
    with database.work() as work:
        talk(work, "小林", -9)
        for name in ("新一", "新二"):
            work.memberships.join(joined(name, group=BOOKS, at=later(hours=-5)))
        talk(work, "围炉", -4.5, to="新一")
        talk(work, "小林", -4, to="新一")
        talk(work, "小林", -3, to="新一")
        work.commit()
    with database.reading() as reports:
        one, two = ids(reports.stores, "新一", "新二")
        came = reports.of_groups.came(key(reports.stores), EVER, BOT)

    at = later(hours=-5)
    assert {Came(one, at, None, later(hours=-4)), Came(two, at, None, None)} == set(came)


def test_who_turns_to_whom_the_most_first(database: Database) -> None:
    """A message that mentions and quotes the same person is one."""
    with database.work() as work:
        talk(work, "小林", -3, to="阿布")
        talk(work, "阿布", -2, to="小林")
        talk(work, "小林", -1, to="阿布")
        work.commit()
    with database.reading() as reports:
        lin, bu = ids(reports.stores, "小林", "阿布")
        turned = reports.of_groups.turned(key(reports.stores), EVER, NOON)
        names = reports.of_groups.names(key(reports.stores), [lin, bu, 999])

    assert [Turned(lin, bu, 2), Turned(bu, lin, 1)] == turned
    assert {lin: "小林", bu: "阿布"} == names


def test_who_is_there_and_when_somebody_last_spoke(database: Database) -> None:
    """The account itself is no member; a group in which nobody spoke has no last message."""
    with database.work() as work:
        talk(work, "小林", -3)
        talk(work, "围炉", -2)
        work.groups.key(TEA, NOON)
        work.commit()
    with database.reading() as reports:
        keys = reports.of_groups.keys(ACCOUNT, [BOOKS, TEA, group("没有的")])
        books, tea = keys
        present = reports.of_groups.present(keys, BOT)
        last = reports.of_groups.last_said([tea])
        first = reports.of_groups.first_said(books)

    assert [BOOKS, TEA] == [*keys.values()]
    assert {books: 1} == present
    assert {tea: None} == last
    assert later(hours=-3) == first


def test_what_is_dealt_with_or_left_out_is_gone(database: Database) -> None:
    """Of due times of many groups at once; what waits is told with its reason."""
    due = SlotDue(group=BOOKS, programme="早间", wall="2026-11-21T09:00", due_at=NOON, at=NOON)
    until = NOON + timedelta(hours=1)
    with database.work() as work:
        slot = work.slots.open(due)
        assert slot is not None
        work.slots.hold(slot, until, "等一等")
        skipped = work.slots.open(
            SlotDue(group=TEA, programme="早间", wall="x", due_at=NOON, at=NOON)
        )
        assert skipped is not None
        work.slots.settle(skipped, SlotState.SKIPPED, "没有话题")
        work.arrangements.put(BOOKS, "早间", "2026-11-22T09:00", Arranged.SKIP, "控制台", NOON)
        work.commit()
    with database.reading() as reports:
        books = key(reports.stores)
        walls = [(books, "早间", f"2026-11-{day}T09:00") for day in (21, 22, 23)]
        gone = reports.ahead.gone(walls)
        waiting = reports.ahead.waiting([books])

    assert {*walls[:2]} == gone
    assert {books: Waiting("早间", until, "等一等")} == waiting


def test_people_in_a_list(database: Database) -> None:
    """By a part of a name, all of them without one, and one by their number."""
    with database.work() as work:
        talk(work, "小林", -3)
        talk(work, "阿布", -3)
        work.commit()
    with database.reading() as reports:
        found = [
            [each.name for each in reports.cards.listed(ACCOUNT, text)] for text in ("林", "", "%")
        ]
        (lin,) = ids(reports.stores, "小林")
        card = reports.cards.of(ACCOUNT, lin)
        nobody = reports.cards.of(ACCOUNT, 999)

    assert [["小林"], ["小林", "阿布"], []] == found
    assert card is not None
    assert ("小林", 1) == (card.name, card.messages)
    assert nobody is None
