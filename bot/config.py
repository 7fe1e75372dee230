"""config.yaml as one frozen model, assembled from the models of the parts."""

import re
from collections.abc import Sequence
from enum import StrEnum
from fnmatch import translate
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from bot.events import Group
from bot.gateway.settings import WechatySettings
from bot.pace import PaceSettings
from bot.texts import Language
from handlers.model import Settings
from handlers.settings import GroupSettings, House, WelcomeSettings

_DATABASE = r"^(sqlite:///|postgresql(\+psycopg)?://)."
_ONCE = ("account", "wechaty", "storage", "console")
Name = Annotated[str, Field(min_length=1, max_length=100)]


class GatewayKind(StrEnum):
    """Which gateway stands between Weilu and the chat."""

    SANDBOX = "sandbox"
    WECHATY = "wechaty"


class AccountSettings(Settings):
    """The chat account that Weilu speaks with."""

    name: Name = Field(
        default="围炉",
        description="账号的名字，记录里用它，改了就是另一个账号"
        " the account's name in the records; another name is another account",
    )
    gateway: GatewayKind = Field(
        default=GatewayKind.SANDBOX,
        description="sandbox：内置沙箱，不联网；wechaty：真实账号"
        " sandbox: embedded, offline; wechaty: a real account",
    )


class StorageSettings(Settings):
    """Where Weilu remembers."""

    url: str = Field(
        default="sqlite:///data/weilu.db",
        json_schema_extra={"pattern": _DATABASE},
        description="数据库；有密码的地址请放环境变量 WEILU_DATABASE_URL"
        " the database; an address with a password belongs in WEILU_DATABASE_URL",
    )

    @field_validator("url")
    @classmethod
    def _known_and_no_password(cls, url: str) -> str:
        if not re.match(_DATABASE, url):
            raise ValueError(
                "数据库地址要以 sqlite:/// 或 postgresql:// 开头"
                " the address must begin with sqlite:/// or postgresql://"
            )
        user = url.partition("://")[2].rpartition("@")[0]
        if ":" in user or "password=" in url:
            raise ValueError(
                "数据库密码不要写进文件，请用环境变量 WEILU_DATABASE_URL"
                " a database password does not belong in the file: use WEILU_DATABASE_URL"
            )
        return url


class ConsoleSettings(Settings):
    """The web pages for those who look after the groups."""

    enabled: bool = Field(
        default=True,
        description="是否开网页控制台（要装 console 附加包） whether there are web pages"
        " (needs the extra `console`)",
    )
    host: Name = Field(
        default="127.0.0.1",
        description="在哪个地址上听；默认只有这台机器能打开。对外请放在带 HTTPS 的反向代理后面"
        " the address to listen on; by default this machine only: put it behind a proxy with HTTPS",
    )
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8686, description="端口，0 为任选 the port, 0 for any"
    )
    names: tuple[Name, ...] = Field(
        default=(),
        description="还可以用哪些域名打开，如 weilu.example.com"
        " further host names it is reached by, like weilu.example.com",
    )


class Person(Settings):
    """Somebody who looks after the groups, by the id the platform gives them."""

    id: Name = Field(description="平台上的 id，weilu members show 可查 their id on the platform")
    name: str = Field(default="", max_length=100, description="写给自己看的 a note for yourself")


class OperatorsSettings(Settings):
    """Who runs Weilu and is told when something is wrong."""

    group: str = Field(
        default="",
        max_length=100,
        description="运营群的名字或 id，通知发到这里"
        " name or id of the operators' group: notices go there",
    )
    people: tuple[Person, ...] = Field(
        default=(),
        description="运营者，规则不约束他们；没有运营群时私下通知"
        " the operators: rules spare them; told in private where there is no group",
    )


class Match(Settings):
    """Which groups an entry is for: by exactly one of id, name, pattern."""

    id: Name | None = Field(default=None, description="群的 id the group's id")
    name: Name | None = Field(default=None, description="群名，须完全相同 the exact name")
    pattern: Name | None = Field(
        default=None, description="群名的样子，* 代表任意文字 a name with * for anything"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or not str(self):
            raise ValueError(
                "id、name、pattern 要写且只写一个 write exactly one of id, name and pattern"
            )
        return self

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """The pattern, ready: this is asked for every message."""
        return re.compile(translate(self.pattern or ""))

    def fits(self, group: Group) -> bool:
        """Whether a group is meant; upper and lower case count."""
        if self.pattern is not None:
            return self._names.match(group.name) is not None
        return group.id == self.id if self.id is not None else group.name == self.name

    def covers(self, later: Self) -> bool:
        """Whether nothing is left for a `later` matcher (as far as can be told from the two)."""
        if self == later or self.pattern == "*":
            return True
        return self.pattern is not None and (
            later.name is not None and self._names.match(later.name) is not None
        )

    def __str__(self) -> str:
        return self.id or self.name or self.pattern or ""


class GroupEntry(Settings):
    """One entry of `groups`: which groups, and everything that is in force there."""

    match: Match
    settings: GroupSettings


class HouseSettings(Settings):
    """What config.yaml says about the whole account: all but `defaults` and `groups`."""

    account: AccountSettings = Field(description="账号与网关 the account and its gateway")
    wechaty: WechatySettings = Field(
        default_factory=WechatySettings,
        description="Wechaty 网关（gateway: wechaty 时）；令牌只从环境变量读"
        " the Wechaty gateway; its token comes from the environment only",
    )
    language: Language = Field(
        default=Language.ZH,
        description="围炉说什么语言：zh、en 或 both（都说） what Weilu speaks: zh, en or both",
    )
    time_zone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Shanghai"),
        description="时区，如 Asia/Shanghai the time zone, like Asia/Shanghai",
    )
    storage: StorageSettings = Field(
        default=StorageSettings(), description="记录存在哪里 where Weilu remembers"
    )
    operators: OperatorsSettings = Field(
        default=OperatorsSettings(), description="运营者与运营群 the operators and their group"
    )
    admins: tuple[Person, ...] = Field(
        default=(), description="群管理员，规则不约束他们 admins of the groups: rules spare them"
    )
    console: ConsoleSettings = Field(
        default=ConsoleSettings(), description="网页控制台 the web console"
    )
    pace: PaceSettings = Field(
        default=PaceSettings(), description="说话的快慢与安静时段 how fast Weilu acts, and when not"
    )


class Config(HouseSettings):
    """Everything config.yaml says, with the defaults already applied to each entry of `groups`."""

    defaults: GroupSettings = Field(default_factory=GroupSettings)
    groups: tuple[GroupEntry, ...] = ()

    def group(self, group: Group) -> GroupSettings | None:
        """What is in force in a group: the first entry from the top that fits; None: left alone.

        The operators' group is heard in any case, for their orders.
        """
        for entry in self.groups:
            if entry.match.fits(group):
                return entry.settings
        wanted = self.operators.group
        return self._desk if wanted and wanted in (group.id, group.name) else None

    @cached_property
    def _desk(self) -> GroupSettings:
        """In the operators' group: no rules, no greetings, and no texts are kept."""
        return GroupSettings(
            language=self.language,
            time_zone=self.time_zone,
            keep_text_days=0,
            welcome=WelcomeSettings(enabled=False),
        )

    def house(self, known: Sequence[Group]) -> House:
        """What is true of the whole account, given the groups seen so far."""
        wanted = self.operators.group
        found = [group.id for group in known if wanted and wanted in (group.id, group.name)]
        there = [(group, settings) for group in known if (settings := self.group(group))]
        return House(
            account=self.account.name,
            language=self.language,
            operator_ids=frozenset(who.id for who in self.people()),
            admin_ids=frozenset(who.id for who in self.admins),
            operators_group_id=found[0] if found else "",
            quiet_hours=self.pace.quiet_hours,
            on_silence=tuple(group for group, settings in there if _waits_for_silence(settings)),
            with_goal=tuple(group for group, settings in there if settings.goal is not None),
        )

    def needs_restart(self, before: "Config") -> tuple[str, ...]:
        """The parts that differ from `before` and are looked at only when Weilu starts."""
        return tuple(name for name in _ONCE if getattr(before, name) != getattr(self, name))

    def as_running(self, before: "Config") -> "Config":
        """This config as it is in force until a restart: those parts are as they were `before`."""
        return self.model_copy(update={name: getattr(before, name) for name in _ONCE})

    def people(self) -> tuple[Person, ...]:
        """The operators and admins whom the file names: rules spare them."""
        return (*self.operators.people, *self.admins)

    def group_names(self) -> list[str]:
        """The names, patterns and ids of `groups`, as written, from the top."""
        return [str(entry.match) for entry in self.groups]

    def first_group_name(self) -> str:
        """The first group given by its exact name; empty if there is none."""
        return next((entry.match.name for entry in self.groups if entry.match.name), "")


def _waits_for_silence(settings: GroupSettings) -> bool:
    return any(each.on_silence is not None for each in settings.programmes.values())
