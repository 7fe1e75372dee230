"""引流：电话、微信号、加V、二维码。 Contact bait: numbers, ids and codes that lead elsewhere."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from bot.events import Message
from bot.texts import Text
from rules.addresses import host_of
from rules.baits import Bait, calls, ids, may_hold_baits, phones, service_numbers, worth_a_look
from rules.base import Finding, Need, Past, Rule
from rules.codes import read_codes
from rules.domains import canonical, listed, words
from rules.links import spared_domains
from rules.sheaf import Sheaf


class Codes(StrEnum):
    """Which QR codes count."""

    OFF = "off"
    """None; pictures are not even loaded."""
    CONTACTS = "contacts"
    """Codes of people and groups: WeChat, WeCom, QQ and others, name cards, phone numbers."""
    LINKS = "links"
    """Those, and every code that leads to a web page."""
    ANY = "any"
    """Every QR code."""


_OFF = Codes.OFF  # asked of every message, and asking an enum for a member takes long
_PEOPLE = words(
    "weixin.qq.com u.wechat.com wechat.com work.weixin.qq.com wework.qpic.cn qm.qq.com qun.qq.com"
    " jq.qq.com t.me telegram.me wa.me chat.whatsapp.com line.me discord.gg discord.com"
    " qr.dingtalk.com applink.feishu.cn v.douyin.com xhslink.com"
)
"""Hosts behind the codes of people and groups."""
_CARDS = re.compile(
    r"(?:mecard:|begin:vcard|tel:|sms(?:to)?:|tg:|weixin:|mqqapi:|wxp:)", re.IGNORECASE
)


_FINDERS = (
    (phones, Text(zh="手机号", en="a mobile number")),
    (service_numbers, Text(zh="客服电话", en="a service number")),
    (ids, Text(zh="微信号或 QQ 号", en="a WeChat id or QQ number")),
    (calls, Text(zh="让人去加好友的话", en="a call to add somebody")),
)


_LONGEST = 20_000
"""No platform lets a text be longer; what a gateway lets through must not cost seconds."""


def _first_and_longest(found: tuple[Bait, Text]) -> tuple[int, int]:
    start, end = found[0].span
    return start, -end


def _bare(value: str) -> str:
    value = re.sub(r"[\s-]", "", value) if re.fullmatch(r"[\d\s+-]+", value) else value
    value = value.strip().lower().removeprefix("+86")
    if not value:
        raise ValueError("不能是空白 must not be blank")
    return value


Own = Annotated[str, Field(max_length=253), AfterValidator(_bare)]


class ContactBait(Rule):
    """Something that leads people elsewhere: a phone number, an id, a call to add, a QR code.

    The first 20,000 characters of a text are looked at.
    """

    key: ClassVar[str] = "contact_bait"
    title: ClassVar[Text] = Text(zh="引流", en="contact bait")
    of_content: ClassVar[bool] = True

    phones: bool = Field(
        default=True,
        description="手机号，拆开写、用汉字写也算 mobile numbers, however they are spelled",
    )
    hotlines: bool = Field(
        default=False,
        description="400、800 客服电话与座机也算 service numbers and landlines count as well",
    )
    ids: bool = Field(
        default=True,
        description="微信号、QQ 号，仅当话里让人去加 WeChat ids and QQ numbers one is told to add",
    )
    calls: bool = Field(
        default=True,
        description="没写号码的「加V」「扫码进群」也算 calls to add somebody, without any id",
    )
    codes: Codes = Field(
        default=Codes.CONTACTS,
        description="图片里的二维码：off 不看，contacts 名片和群，links 还有网址，any 全部"
        " QR codes in pictures: off, contacts, links (and contacts) or any",
    )
    allow: tuple[Own, ...] = Field(
        default=(),
        max_length=500,
        description="放行的号码、微信号和域名 numbers, ids and domains that are fine",
    )

    @property
    def needs(self) -> frozenset[Need]:  # type: ignore[override]
        """The picture, where codes count."""
        return frozenset() if self.codes is Codes.OFF else frozenset({Need.PICTURE})

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Where there may be a number, an id or a call in the text, and pictures."""
        told = may_hold_baits(sheaf)
        if self.codes is _OFF:
            return told
        return told.union(n for n, each in enumerate(sheaf.messages) if each.picture)

    def judge(self, message: Message, past: Past) -> Finding | None:
        """What stands first in the text, else the first code in the picture."""
        text = message.text[:_LONGEST]
        if worth_a_look(text):
            found = min(self._told(text), default=None, key=_first_and_longest)
            if found is not None:
                bait, what = found
                return Finding(self.called, bait.span, f"出现了{what.zh} {what.en}")
        if self.codes is _OFF or not message.picture:
            return None
        return self._in_picture(message, past)

    def _in_picture(self, message: Message, past: Past) -> Finding | None:
        spared = spared_domains(self.exempt, message.at, past.zone) | self._own
        for code in read_codes(message.picture):
            kind = self._kind(code, spared)
            if kind is not None:
                detail = f"图片里有{kind.zh} the picture holds {kind.en}"
                return Finding(self.called, (0, 0), detail)
        return None

    def _told(self, text: str) -> Iterator[tuple[Bait, Text]]:
        """Everything in the text that counts, with its name."""
        wanted = (self.phones, self.hotlines, self.ids, self.calls)
        return (
            (bait, what)
            for is_wanted, (finder, what) in zip(wanted, _FINDERS, strict=True)
            if is_wanted
            for bait in finder(text)
            if bait.said not in self._own
        )

    def _kind(self, code: str, spared: frozenset[str]) -> Text | None:
        """What a code is, if codes of that kind count."""
        host = host_of(code) if "." in code else ""
        if listed(host, spared) is not None:
            return None
        if _CARDS.match(code) or listed(host, _PEOPLE) is not None:
            return Text(zh="名片或群的二维码", en="the code of a person or a group")
        if host and self.codes is not Codes.CONTACTS:
            return Text(zh=f"通向 {host[:80]} 的二维码", en=f"a code that leads to {host[:80]}")
        return Text(zh="二维码", en="a QR code") if self.codes is Codes.ANY else None

    @cached_property
    def _own(self) -> frozenset[str]:
        """What is fine, as numbers and ids and as domains."""
        return frozenset(chain(self.allow, map(canonical, self.allow)))
