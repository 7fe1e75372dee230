"""Whatever happens in whatever order: sanctions and strikes are what the cases say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from builders import ACCOUNT, NOON, joined, person, said
from claiming import waiting
from court import CHIEF, DEPUTY, GROUP, HOUSE, WECHAT, ads, told
from hall import Hall
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.actions import Action, Invite, Remove
from bot.events import Identity, MemberLeft, MinutePassed
from bot.gateway.base import Capability
from handlers.decisions import overturn, release, remove_again, sanction_by_hand, uphold
from handlers.keys import case_of
from handlers.settings import EarlyReturn, ModerateSettings
from rules.consequences import Consequence
from rules.ladder import FOREVER, Ladder, Step
from storage.database import Database
from storage.values import OutboxState
from storage.values_of_order import CaseState

PEOPLE = [person("小林"), person("阿布")]
DAY = timedelta(days=1)
LADDER = Ladder.model_validate(
    {"steps": ["warn", {"quiet": "1d"}, {"remove": "3d"}, "ban"], "decay": "9d", "lengthen": "6h"}
)
STEPS = [
    Step(Consequence.WARN),
    Step(Consequence.QUIET, 2 * DAY),
    Step(Consequence.REMOVE, DAY),
    Step(Consequence.BAN, FOREVER),
]
WHO, OPERATOR = st.sampled_from(PEOPLE), st.sampled_from([CHIEF, DEPUTY])


class Court(RuleBasedStateMachine):
    """A group in which people offend, operators decide, and the clock is moved about."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._open = database.work()
        self.hall = Hall(self._open.__enter__())
        self.hall.house = HOUSE
        self.hall.rule(rules=(ads(),), ladder=LADDER)
        told(self.hall.work, self.hall.settings[GROUP])
        for who in PEOPLE:
            self.hall.happens(joined(who.name, at=NOON - DAY))
        self.cases = 0
        self.taken_back: set[int] = set()
        self.decided: list[Action] = []

    def teardown(self) -> None:
        """Nothing of it stays."""
        self._open.__exit__(None, None, None)

    def _scene(self) -> Any:
        return self.hall.scene(MinutePassed(at=self.hall.now))

    def _happens(self, *events: Any) -> None:
        self.decided += self.hall.happens(*events)

    @rule(who=WHO, text=st.sampled_from(["刷单", "早"]))
    def speaks(self, who: Identity, text: str) -> None:
        """Somebody says something, good or bad."""
        self._happens(said(text, who.name, at=self.hall.now))

    @rule(hours=st.sampled_from([-200, -5, 0.01, 1, 13, 30, 80, 300]))
    def the_clock_is_moved(self, hours: float) -> None:
        """Forwards or backwards, and a minute passes."""
        self.hall.now += timedelta(hours=hours)
        self._happens(MinutePassed(at=self.hall.now))

    @rule(who=WHO, by=OPERATOR, step=st.sampled_from(STEPS))
    def by_hand(self, who: Identity, by: Identity, step: Step) -> None:
        """An operator sanctions somebody."""
        group_settings = self.hall.settings[GROUP]
        self._stage(sanction_by_hand(self._scene(), GROUP, group_settings, who, step, by, "吵架"))

    @rule(number=st.integers(1, 12), by=OPERATOR)
    def taken_back_by(self, number: int, by: Identity) -> None:
        """An operator overturns a case, if there is one and nobody has."""
        verdict = overturn(self._scene(), number, by, "看错了")
        assert not (verdict.done and number in self.taken_back)
        if verdict.done:
            self.taken_back.add(number)
        self._stage(verdict)

    @rule(number=st.integers(1, 12), by=OPERATOR)
    def upheld_by(self, number: int, by: Identity) -> None:
        """An operator upholds a case."""
        verdict = uphold(self._scene(), number, by, "看过了")
        assert not (verdict.done and number in self.taken_back)
        self._stage(verdict)

    @rule(who=WHO, by=OPERATOR)
    def released_by(self, who: Identity, by: Identity) -> None:
        """An operator ends what is in force."""
        self._stage(release(self._scene(), GROUP, who, by, "够了"))

    @rule()
    def the_outbox_acts(self) -> None:
        """What waits is done, and heard of."""
        for row in waiting(self.hall.work, ACCOUNT, self.hall.now):
            self.hall.work.outbox.settle(row.id, OutboxState.DONE, self.hall.now)
            if isinstance(row.action, Remove):
                self._happens(MemberLeft(group=GROUP, member=row.action.member, at=self.hall.now))
            elif isinstance(row.action, Invite):
                self._happens(joined(row.action.member.name, at=self.hall.now))

    @rule(who=WHO)
    def comes_back(self, who: Identity) -> None:
        """Somebody who is out is let in again, too early or not."""
        self._happens(joined(who.name, at=self.hall.now))

    @rule(itself=st.booleans())
    def what_the_config_says(self, itself: bool) -> None:  # noqa: FBT001
        """Whoever is back early is removed again by itself, or the operators are asked."""
        how = EarlyReturn.REMOVE if itself else EarlyReturn.ASK
        moderate = ModerateSettings(early_return=how)
        self.hall.rule(rules=(ads(),), ladder=LADDER, moderate=moderate)

    @rule(number=st.integers(1, 12), by=OPERATOR)
    def removed_again_by(self, number: int, by: Identity) -> None:
        """An operator says so about a card, whatever it is about."""
        self._stage(remove_again(self._scene(), number, by))

    @rule()
    def two_are_one(self) -> None:
        """An operator links the two."""
        first, second = PEOPLE
        self.hall.work.members.link(first, second, CHIEF, self.hall.now)

    @rule(able=st.booleans())
    def what_can_be_done(self, able: bool) -> None:  # noqa: FBT001
        """The platform can remove and invite, or not."""
        both = {Capability.REMOVE, Capability.INVITE}
        self.hall.capabilities = WECHAT if able else WECHAT - both

    def _stage(self, verdict: Any) -> None:
        self.decided += [
            each for each in verdict.actions if self.hall.work.outbox.stage(each, self.hall.now)
        ]

    @invariant()
    def nobody_is_under_two_of_a_kind(self) -> None:
        """Quiet once, and out once; the two may each have been before an operator linked them."""
        for who in PEOPLE:
            under = self.hall.work.sanctions.standing(GROUP, who)
            theirs = [each for each in under if each.member == who]
            kinds = [min(each.kind, Consequence.REMOVE) for each in theirs]
            assert len(kinds) == len(set(kinds)), kinds

    @invariant()
    def lifted_is_lifted(self) -> None:
        """Nothing of a case that was taken back is in force at any time."""
        for who in PEOPLE:
            for days in (-9, 0, 9):
                moment = self.hall.now + days * DAY
                under = self.hall.work.sanctions.in_force(GROUP, who, moment)
                assert not {each.case for each in under} & self.taken_back

    @invariant()
    def nobody_is_about_to_be_removed_for_nothing(self) -> None:
        """A removal that waits is one of a case that was not taken back, or lifted."""
        work = self.hall.work
        for row in waiting(work, ACCOUNT, self.hall.now):
            if isinstance(row.action, Remove):
                number = case_of(row.action.key)
                assert number is not None
                assert number not in self.taken_back
                assert not [each for each in work.sanctions.of_case(number) if each.lifted_at]

    @invariant()
    def strikes_are_those_of_cases_that_stand(self) -> None:
        """Open or upheld, with a consequence that strikes."""
        words = {each.word for each in Consequence if each.strikes}
        work = self.hall.work
        linked = bool(work.members.linked(PEOPLE[0]))
        for who in PEOPLE:
            people = PEOPLE if linked else [who]
            expected = sorted(
                case.at
                for each in people
                for case in work.cases.of_member(GROUP, each)
                if case.consequence in words and case.state in (CaseState.OPEN, CaseState.UPHELD)
            )
            assert expected == sorted(work.cases.strikes(GROUP, who, NOON - 999 * DAY))

    @invariant()
    def nothing_is_decided_twice(self) -> None:
        """One key, one action."""
        keys = [action.key for action in self.decided]
        assert len(keys) == len(set(keys))


def test_the_court(new_sqlite: Callable[[], str]):
    """Warn, quiet, remove, overturn, decay, and the clock, in any order."""
    database = Database(new_sqlite())
    run_state_machine_as_test(
        lambda: Court(database),  # type: ignore[arg-type]  # whatever makes one
        settings=settings(max_examples=60, stateful_step_count=30, deadline=None),
    )
    database.close()
