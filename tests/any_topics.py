"""Topics of any kind, as a file may hold them."""

from typing import Any

from hypothesis import strategies as st

from bot.texts import Language
from storage.values import Topic, TopicKind, TopicStatus
from topics.fields import clean

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs",))
_WORDS = st.text("=+-@'\"，、;:#[]{}|>&*!%\t \n读书ab1~" + "null", max_size=8) | st.text(
    _LETTERS, max_size=8
)
_LINE = _WORDS.map(lambda text: " ".join(clean(text).split()))
_NAME = _LINE.filter(bool)
_TAG = _LINE.map(lambda text: "".join(text.translate(str.maketrans("", "", "、,，;；|")).split()))
_TAGS = st.lists(_TAG.filter(bool), max_size=3, unique=True).map(tuple)
_SEASONS = ["冬", "12月", "11月~2月", "10月24日", "2026-02-10~2026-02-24", "中秋"]


def topics() -> st.SearchStrategy[list[Topic]]:
    """Some topics with keys of their own."""
    topic: st.SearchStrategy[Topic] = st.builds(
        Topic,
        key=_NAME,
        title=_NAME,
        text=_WORDS.map(clean).filter(bool),
        link=st.sampled_from(["", "https://example.com/a?b=1&c=%20", "http://例子.cn/读"]),
        picture=st.sampled_from(["", "图/一.png", "https://example.com/a"]),
        kind=st.sampled_from(TopicKind),
        category=_LINE,
        tags=_TAGS,
        stages=_TAGS,
        goal=_LINE,
        season=st.lists(st.sampled_from(_SEASONS), max_size=2, unique=True).map(tuple),
        language=st.sampled_from(Language),
        author=_LINE,
        source=_LINE,
        weight=st.integers(1, 100),
        status=st.sampled_from(TopicStatus),
    )
    return st.lists(topic, min_size=1, max_size=4, unique_by=lambda each: each.key.casefold())


def asked(key: str, **over: Any) -> Topic:
    """A topic; name what matters."""
    fields: dict[str, Any] = {"title": f"题目{key}", "text": f"关于{key}，你怎么看？"}
    return Topic(key=key, **(fields | over))
