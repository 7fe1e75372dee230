"""Whatever operators order and whatever becomes of it: a slot says what its post says, and once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from builders import ACCOUNT, group
from claiming import claim, waiting
from desk import orders
from hall import Hall
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from topic_stage import set_out

from bot.events import MinutePassed, SlotDue
from handlers.coming import coming
from handlers.delivering import number_of
from storage.database import Database
from storage.values import OutboxState, SlotState
from topics.programme import Programme

STATES = {
    OutboxState.PENDING: {SlotState.PLANNED},
    OutboxState.SENT: {SlotState.POSTED},
    OutboxState.DONE: {SlotState.CONFIRMED},
    OutboxState.UNCONFIRMED: {SlotState.UNCONFIRMED},
    OutboxState.REFUSED: {SlotState.SKIPPED},
    OutboxState.EXPIRED: {SlotState.SKIPPED},
    OutboxState.CANCELLED: {SlotState.SKIPPED},
}
OUTCOMES = (OutboxState.SENT, OutboxState.DONE, OutboxState.UNCONFIRMED, OutboxState.REFUSED)
PLAIN = ("跳过", "暂停", "恢复", "现在", "现在 跑步 走路", "换 跑步 一杯茶", "下一个", "状态")
MOVES = ("移到 跑步 2小时后", "移到 跑步 10分钟后", "移到 跑步 3天后")
NUMBERED = ("取消 {}", "重发 {}", "移到 {} 1小时后", "移到 {} 20分钟后")
PROGRAMME = Programme(at="每天 8:00、12:30、13:00、20:00")


class Desk(RuleBasedStateMachine):
    """One group whose programme is due four times a day, and operators who change their minds."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._open = database.work()
        self.hall = Hall(self._open.__enter__())
        set_out(self.hall)
        self.hall.rule("跑步", programmes={"早安": PROGRAMME})
        del self.hall.settings[group()]
        self.said: Counter[str] = Counter()
        self.again: Counter[str] = Counter()

    def teardown(self) -> None:
        """Nothing of it stays."""
        self._open.__exit__(None, None, None)

    @rule(minutes=st.sampled_from([1, 5, 31, 120, 600]))
    def time_passes(self, minutes: int) -> None:
        """Minute by minute as far as something is due, as the schedule tells it."""
        until = self.hall.now + timedelta(minutes=minutes)
        scene = self.hall.scene(MinutePassed(at=self.hall.now))
        ahead = coming(scene, group("跑步"), self.hall.settings[group("跑步")], most=10)
        for each in ahead:
            if each.at <= until:
                self._at(each.at)
                wall, at = each.wall, each.at
                event = SlotDue(
                    group=group("跑步"), programme="早安", wall=wall, due_at=at, at=self.hall.now
                )
                self.hall.happens(event)
        self._at(until)

    def _at(self, moment: datetime) -> None:
        self.hall.now = max(self.hall.now, moment)
        self.hall.work.outbox.expire(ACCOUNT, self.hall.now)
        self.hall.happens(MinutePassed(at=self.hall.now))

    @rule(words=st.sampled_from([*PLAIN, *MOVES]))
    def somebody_orders(self, words: str) -> None:
        """About what comes."""
        named = words if " " in words else f"{words} 跑步"
        assert 1 <= len(self.hall.happens(orders(f"话题 {named}", at=self.hall.now)))

    @rule(words=st.sampled_from(NUMBERED), place=st.integers(0, 5))
    def somebody_orders_about_a_slot(self, words: str, place: int) -> None:
        """One of the newest, whatever became of it."""
        slots = self.hall.work.slots.list(group("跑步"), 6)
        if slots:
            slot = slots[place % len(slots)]
            told = self.hall.happens(
                orders(f"话题 {words.format(number_of(slot))}", at=self.hall.now)
            )
            self.again[f"post:{slot.id}"] += any("再发一次" in getattr(a, "text", "") for a in told)

    @rule(outcome=st.sampled_from(OUTCOMES))
    def something_is_said(self, outcome: OutboxState) -> None:
        """What waits is claimed, and this comes of it."""
        work, now = self.hall.work, self.hall.now
        posts = [row for row in waiting(work, ACCOUNT, now) if row.action.key.startswith("post:")]
        for row in posts[:1]:
            assert claim(work, row.id, "this", now)
            work.outbox.settle(row.id, outcome, now, "试一试 a try")
            self.said[row.action.key] += outcome is not OutboxState.REFUSED

    @invariant()
    def a_slot_says_what_its_post_says(self) -> None:
        """Held ones have nothing in the outbox that waits; skipped ones have a reason."""
        rows = {row.action.key: row for row in self.hall.work.outbox.list(ACCOUNT, limit=999)}
        for slot in self.hall.work.slots.list(limit=999):
            row = rows.get(f"post:{slot.id}")
            if row is not None:
                assert slot.state in STATES[row.state], (slot, row)
                assert slot.topic_key
            elif slot.state is SlotState.HELD:
                assert slot.not_before is not None
            else:
                assert slot.state is SlotState.SKIPPED
            assert slot.reason or slot.state is not SlotState.SKIPPED

    @invariant()
    def nothing_is_said_twice(self) -> None:
        """Only an operator has something repeated that may have been said."""
        for key, times in self.said.items():
            assert times <= 1 + self.again[key]

    @invariant()
    def no_time_on_the_wall_comes_twice(self) -> None:
        """Whatever was moved."""
        walls = [slot.wall for slot in self.hall.work.slots.list(limit=999)]
        assert len(walls) == len({*walls})


def test_whatever_happens(new_sqlite: Callable[[], str]) -> None:
    """Many lives of a desk."""
    database = Database(new_sqlite())
    run_state_machine_as_test(
        lambda: Desk(database), settings=settings(max_examples=60, stateful_step_count=25)
    )
    database.close()
