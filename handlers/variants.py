"""One topic in other words for each group: whoever is in several of them reads no copies."""

from collections.abc import Sequence
from random import Random

from bot.texts import Language, Text
from handlers.wording import harmless, plain_lines, say
from storage.values import Topic

OPENINGS = (
    Text(zh="今天想听听大家的：", en="I would like to hear from you today:"),
    Text(zh="有个问题想请教各位：", en="A question for all of you:"),
    Text(zh="歇一会儿，聊个话题吧。", en="A short break, and a topic:"),
    Text(zh="大家最近怎么样？来聊聊这个：", en="How have you all been? Here is something:"),
    Text(zh="这个话题，我猜每个人都有故事。", en="I guess everybody has a story about this one."),
    Text(zh="抛个话题，想到哪说到哪。", en="Here is a topic, say whatever comes to mind."),
    Text(zh="想起一件值得一起聊的事。", en="Something worth talking about together:"),
    Text(zh="群里有一阵没聊这个了。", en="We have not talked about this for a while."),
    Text(zh="不赶时间的话，说两句？", en="If you have a minute, a word or two?"),
    Text(zh="今天的话题来了。", en="Here is the topic of the day."),
    Text(zh="一个小问题，一句话也行。", en="A small question, one sentence will do."),
    Text(zh="谁先来开个头？", en="Who wants to begin?"),
)
SHAPES = (
    Text(zh="{opening}\n【{title}】\n{text}", en="{opening}\n[{title}]\n{text}"),
    Text(zh="【{title}】\n{opening}\n{text}", en="[{title}]\n{opening}\n{text}"),
    Text(zh="{opening}\n{text}\n——{title}", en="{opening}\n{text}\n— {title}"),
    Text(zh="聊聊「{title}」\n{text}\n{opening}", en="About “{title}”\n{text}\n{opening}"),
)
CREDIT = Text(zh="（话题由 {author} 提出）", en="(topic proposed by {author})")

MOST = len(OPENINGS) * len(SHAPES)
"""So many groups can be told the same in different words."""


class TooMany(ValueError):  # noqa: N818 it is told to whoever asked
    """There are more groups than ways to say it."""


def variants(topic: Topic, places: Sequence[tuple[Language, Text | None]], seed: int) -> list[str]:
    """The topic for each of these places, no two alike; the same for the same seed.

    A place is its language and its own opening line, None where it has none. Raises TooMany.
    """
    ways = [(opening, shape) for opening in OPENINGS for shape in SHAPES]
    Random(seed).shuffle(ways)  # noqa: S311 nothing depends on its being secret
    said: dict[str, None] = {}
    for language, own in places:
        one = Language.ZH if language is Language.BOTH else language
        words = next(
            (
                told
                for opening, shape in ways
                if (told := _told(topic, own or opening, shape, one)) not in said
            ),
            None,
        )
        if words is None:
            raise TooMany
        said[words] = None
        ways.append(ways.pop(0))
    return list(said)


def _told(topic: Topic, opening: Text, shape: Text, language: Language) -> str:
    title, text = harmless(topic.title, 100), plain_lines(topic.text).strip()
    told = say(shape, language, opening=opening, title=title, text=text)
    told += f"\n{plain_lines(topic.link)}" if topic.link else ""
    author = harmless(topic.author)
    return f"{told}\n{say(CREDIT, language, author=author)}" if author else told
