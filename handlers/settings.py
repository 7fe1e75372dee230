"""What config.yaml says about one group and about the house, as the handlers need it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.duration import Duration
from bot.events import Group
from bot.pace import QuietHours
from bot.texts import Language, Text
from handlers.model import Settings
from handlers.outlook import Outlook, outlook
from handlers.voices import AppealSettings, ReportSettings
from rules.base import Need, Rule
from rules.ladder import Ladder
from topics.goal import Goal
from topics.programme import Programme


class EarlyReturn(StrEnum):
    """What follows when somebody who was removed comes back before their time."""

    ASK = "ask"
    REMOVE = "remove"


class ModerateSettings(Settings):
    """How a finding is answered, and what the member reads.

    What a member reads in private says all of it; in the group there is one sentence at most. The
    offence itself is in neither.
    """

    cooldown: Duration = Field(
        default=timedelta(minutes=10),
        description="同一人同一规则多久内只提醒一次 remind a member of one rule once in this time",
    )
    grace: Duration = Field(
        default=timedelta(minutes=1),
        description="刚受过处理的人多久内再犯不另计，话还没读到"
        " so soon after a sanction nothing counts again: it was hardly read yet",
    )
    long_standing: Annotated[Duration, Field(gt=timedelta(0))] = Field(
        default=timedelta(days=180),
        description="入群满多久是老成员，移出前先由人确认"
        " members for so long are removed only after a person confirmed it",
    )
    early_return: EarlyReturn = Field(
        default=EarlyReturn.ASK,
        description="移出未满就回来的人：ask 请运营者决定；remove 同一个帐号自动再移出，不另计次，"
        "关联的帐号仍请运营者决定 who is back before the date of return: ask asks the operators;"
        " remove removes the same account again, without a strike; linked accounts are asked about",
    )
    text: Text = Field(
        default=Text(
            zh="这里的约定是「{rule}」：{reason}（案件 {case}）。"
            "如有异议，私聊我：申诉 {case} 理由。",
            en="Our agreement here: “{rule}”: {reason} (case {case})."
            " If you disagree, write to me in private: appeal {case} and why.",
        ),
        description="提醒的话 the reminder; {rule} {reason} {case}",
    )
    in_group: Text = Field(
        default=Text(
            zh="请留意「{rule}」这条约定（案件 {case}），详情已私聊你。",
            en="Please mind our agreement “{rule}” (case {case}); I have written to you.",
        ),
        description="处理违规时在群里说的一句；移出时不说"
        " the one sentence in the group; none for a removal; {rule} {case}",
    )
    details: Text = Field(
        default=Text(
            zh="关于你在「{group}」的发言。约定是「{rule}」：{reason}。{follows}"
            "案件 {case}；如有异议，私聊我：申诉 {case} 理由。",
            en="About what you said in “{group}”. Our agreement: “{rule}”: {reason}. {follows} Case"
            " {case}; if you disagree, write to me in private: appeal {case} and why.",
        ),
        description="私聊里的详情；不能私聊的平台在群里说"
        " the details in private; {group} {rule} {reason} {follows} {case}",
    )
    warned: Text = Field(
        default=Text(
            zh="这次是警告，{decay}内再有会更重。",
            en="This is a warning; the next within {decay} will weigh more.",
        ),
        description="警告的后果 what a warning means; {decay}",
    )
    quieted: Text = Field(
        default=Text(
            zh="请静言到 {until}，在这之前先不要在群里发言，发言会延长。",
            en="Please stay quiet in the group until {until}; speaking before lengthens it.",
        ),
        description="静言的后果 what a quiet period means; {until}",
    )
    removed: Text = Field(
        default=Text(
            zh="你会被移出群，到 {until} 我请你回来。",
            en="You will be removed from the group and invited back on {until}.",
        ),
        description="移出的后果 what a removal means; {until}",
    )
    banned: Text = Field(
        default=Text(
            zh="你会被移出群，不再邀请回来。",
            en="You will be removed from the group for good.",
        ),
        description="封禁的后果 what a ban means",
    )
    breach: Text = Field(
        default=Text(
            zh="你还在静言期，到 {until} 结束，期间发言会延长（案件 {case}）。"
            "如有异议，私聊我：申诉 {case} 理由。",
            en="Your quiet period ends on {until}; speaking before lengthens it (case {case})."
            " If you disagree, write to me in private: appeal {case} and why.",
        ),
        description="静言期内发言的回复 the answer to who breaks a quiet period; {until} {case}",
    )
    lifted: Text = Field(
        default=Text(
            zh="案件 {case} 已经撤销，不留记录：{reason}。给你添了麻烦，抱歉。",
            en="Case {case} was taken back and counts no more: {reason}. Sorry for the trouble.",
        ),
        description="撤销后告诉成员的话 what the member is told then; {case} {reason}",
    )
    released: Text = Field(
        default=Text(
            zh="案件 {case} 的处理提前结束：{reason}。欢迎继续聊。",
            en="What followed from case {case} ends early: {reason}. Welcome back.",
        ),
        description="提前解除时告诉成员的话 when it ends early; {case} {reason}",
    )
    upheld: Text = Field(
        default=Text(
            zh="案件 {case} 的申诉有人看过了，维持原来的决定：{reason}。",
            en="Somebody has looked at your appeal in case {case}; it stands: {reason}.",
        ),
        description="维持后告诉申诉人的话 when an appeal is not granted; {case} {reason}",
    )


class WelcomeSettings(Settings):
    """How a newcomer is greeted."""

    enabled: bool = Field(default=True, description="是否欢迎新人 whether newcomers are greeted")
    expires: Duration = Field(
        default=timedelta(hours=2),
        description="迟于此时长的欢迎不再发出 a welcome later than this is dropped",
    )
    text: Text = Field(
        default=Text(
            zh="欢迎来到「{group}」！先跟大家打个招呼吧：你从哪里来，最近在忙什么？",
            en="Welcome to “{group}”! Say hello: where are you from,"
            " what are you up to these days?",
        ),
        description="欢迎的话 the greeting; {group}",
    )


class CommandsSettings(Settings):
    """Whether members may ask the bot: 帮助, 群规, 我的记录."""

    enabled: bool = Field(
        default=True,
        description="是否回答「帮助」「群规」「我的记录」 whether commands are answered",
    )


class Acceptance(StrEnum):
    """How members agree to the rules."""

    GOING_ON = "going_on"
    WORD = "word"


class PactSettings(Settings):
    """When rules that were changed begin to bind. Reminders are always given."""

    notice: Duration = Field(
        default=timedelta(0),
        description="群规公布多久后才据以处理；在那之前只提醒"
        " rules bind so long after they were announced; before that there are reminders only",
    )
    accept: Acceptance = Field(
        default=Acceptance.GOING_ON,
        description="going_on：公布后继续待着就是接受；word：说过「同意」的人才会受警告以上的处理"
        " going_on: who goes on agrees; word: only who said 同意 can be warned or worse",
    )


class GroupSettings(Settings):
    """Everything that is in force in one group: the defaults with the group's own over them."""

    language: Language = Field(
        default=Language.ZH,
        description="围炉说什么语言：zh、en 或 both（都说） what Weilu speaks: zh, en or both",
    )
    time_zone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Shanghai"),
        description="时区，如 Asia/Shanghai the time zone, like Asia/Shanghai",
    )
    purpose: str = Field(
        default="", max_length=300, description="这个群为什么存在 why this group exists"
    )
    keep_text_days: Annotated[int, Field(ge=0, le=3650)] = Field(
        default=30, description="消息原文保留几天，0 为从不保留 days a text is kept, 0 means never"
    )
    rules: tuple[Rule, ...] = Field(
        default=(),
        description="启用的规则，没写的不启用；false 关闭继承来的"
        " the rules in force, only those named; false switches an inherited one off",
    )
    ladder: Ladder = Field(
        default=Ladder(),
        description="屡次违规怎样逐级加重、过多久作罢 how consequences grow and decay",
    )
    pact: PactSettings = Field(
        default=PactSettings(),
        description="群规的公布与接受 how rules are announced and accepted",
    )
    moderate: ModerateSettings = Field(
        default=ModerateSettings(), description="怎样提醒违规的人 how members are reminded"
    )
    welcome: WelcomeSettings = Field(
        default=WelcomeSettings(), description="怎样欢迎新人 how newcomers are greeted"
    )
    commands: CommandsSettings = Field(
        default=CommandsSettings(), description="成员可以问围炉什么 what members may ask"
    )
    appeals: AppealSettings = Field(
        default=AppealSettings(), description="怎样申诉 how members may object"
    )
    reports: ReportSettings = Field(
        default=ReportSettings(), description="怎样举报 how members may report others"
    )
    programmes: dict[str, Programme] = Field(
        default_factory=dict,
        description="按时发话题的节目，名字自取；false 关闭继承来的"
        " topics on a schedule, under names of your own; false switches an inherited one off",
    )

    goal: Goal | None = Field(
        default=None,
        description="大家共同的目标：读完一本书、跑满一百公里"
        " a goal that the group has together: to read a book, to run a hundred kilometres",
    )

    @cached_property
    def looks_back(self) -> timedelta:
        """The longest past that one of the rules needs; asked for every message."""
        return max((rule.looks_back for rule in self.rules), default=timedelta(0))

    @cached_property
    def reach(self) -> Mapping[Need, timedelta]:
        """What the rules need, and how far back the furthest looks; asked for every message."""
        needs = {need for rule in self.rules for need in rule.needs}
        return {
            need: max(rule.looks_back for rule in self.rules if need in rule.needs)
            for need in needs
        }

    @cached_property
    def outlook(self) -> Outlook:
        """The same for what lies in the past, quicker to ask."""
        return outlook(self.rules)


class House(Settings):
    """What is true of the whole account."""

    account: str
    language: Language = Language.ZH
    operator_ids: frozenset[str] = frozenset()
    """Platform ids of the operators and admins that config.yaml names: they are told, and rules do
    not touch them. Those who said a one-time code come on top (handlers/rights.py)."""
    admin_ids: frozenset[str] = frozenset()
    """Those of them that are admins."""
    operators_group_id: str = ""
    """Platform id of the operators' own group, once it is known; notices go there first."""
    quiet_hours: QuietHours | None = None
    """When the account says nothing of its own accord."""
    on_silence: tuple[Group, ...] = ()
    """The groups seen so far in which a programme waits for silence."""
    with_goal: tuple[Group, ...] = ()
    """The groups seen so far that have a goal together."""
