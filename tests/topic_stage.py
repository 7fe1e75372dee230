"""A hall with a daily programme at nine in two groups, and a few topics to post."""

from any_topics import asked
from builders import NOON, group, joined
from desk import opens
from hall import Hall

from handlers.settings import WelcomeSettings
from storage.values import Topic
from topics.programme import Programme

NINE = Programme(at="每天 9:00")
EIGHT = Programme(at="每天 20:00")
TOPICS: tuple[Topic, ...] = (
    asked("tea", title="一杯茶", text="今天的第一杯是什么？"),
    asked("walk", title="走路", text="昨天走了多远，看见什么？"),
    asked("book", title="枕边书", text="睡前翻的那本读到哪了？"),
)


def set_out(hall: Hall) -> None:
    """阿秀 and 老周 operate; 读书会 has 早安 at nine and 夜谈 at eight, 跑步 has 早安."""
    opens(hall, "阿秀", "老周")
    quiet = WelcomeSettings(enabled=False)
    hall.rule(programmes={"早安": NINE, "夜谈": EIGHT}, welcome=quiet)
    hall.rule("跑步", programmes={"早安": NINE}, welcome=quiet)
    for name in ("读书会", "跑步", "运营群"):
        hall.work.groups.see(group(name), managed=True, at=NOON)
    for topic in TOPICS:
        hall.work.topics.put(topic)
    hall.happens(joined("小林"))
