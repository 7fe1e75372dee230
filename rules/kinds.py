"""消息种类：这里不发的种类，如名片、红包。 Kinds: messages of a kind that is not wanted here."""

from collections.abc import Collection
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from bot.events import Kind, Message
from bot.texts import Text
from rules.base import Finding, Past, Rule
from rules.sheaf import Sheaf

NAMES: dict[Kind, Text] = {
    Kind.TEXT: Text(zh="文字", en="text"),
    Kind.IMAGE: Text(zh="图片", en="picture"),
    Kind.EMOTICON: Text(zh="表情", en="sticker"),
    Kind.AUDIO: Text(zh="语音", en="voice"),
    Kind.VIDEO: Text(zh="视频", en="video"),
    Kind.ATTACHMENT: Text(zh="文件", en="file"),
    Kind.URL: Text(zh="链接", en="link"),
    Kind.MINI_PROGRAM: Text(zh="小程序", en="mini_program"),
    Kind.CONTACT: Text(zh="名片", en="contact"),
    Kind.CHAT_HISTORY: Text(zh="聊天记录", en="chat_history"),
    Kind.LOCATION: Text(zh="位置", en="location"),
    Kind.RED_ENVELOPE: Text(zh="红包", en="red_envelope"),
    Kind.TRANSFER: Text(zh="转账", en="transfer"),
    Kind.POST: Text(zh="视频号", en="post"),
}
"""What config.yaml calls the kinds, in either language; what the platform does itself (notices,
recalls) and what it did not name are nobody's offence."""

_BY_NAME = {name: kind for kind, text in NAMES.items() for name in (text.zh, text.en)}


def _kind(value: Any) -> Any:
    """The kind of that name; a Kind passes. Raises ValueError naming all names."""
    if isinstance(value, Kind):
        return value
    if not isinstance(value, str) or value.strip().lower() not in _BY_NAME:
        known = "、".join(f"{text.zh} {text.en}" for text in NAMES.values())
        raise ValueError(f"没有这种消息，可写：{known} no such kind of message; write one of these")
    return _BY_NAME[value.strip().lower()]


KindName = Annotated[
    Kind,
    BeforeValidator(_kind),
    PlainSerializer(lambda kind: NAMES[kind].en, return_type=str),
    WithJsonSchema({"type": "string", "enum": list(_BY_NAME)}),
]


class Kinds(Rule):
    """The message is of one of these kinds."""

    key: ClassVar[str] = "kinds"
    title: ClassVar[Text] = Text(zh="不发的消息种类", en="kinds of messages we avoid")

    kinds: tuple[KindName, ...] = Field(
        min_length=1,
        max_length=len(NAMES),
        description="不发的种类，中文或英文名 kinds not wanted, by Chinese or English name",
    )

    def may_find(self, sheaf: Sheaf) -> Collection[int]:
        """Those of an unwanted kind."""
        kinds = self.kinds
        return [place for place, each in enumerate(sheaf.messages) if each.kind in kinds]

    def judge(self, message: Message, past: Past) -> Finding | None:  # noqa: ARG002
        """A finding if the message is of an unwanted kind; the message is it, not a place."""
        if message.kind not in self.kinds:
            return None
        name = NAMES[message.kind]
        what = name.en.replace("_", " ")
        return Finding(self.called, (0, 0), f"发了{name.zh} a message of the kind “{what}”")
