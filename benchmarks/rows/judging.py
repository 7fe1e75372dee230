"""Messages a second through all rules at once, against nonebot2 looking for the words alone."""

import gc
import time
from datetime import timedelta

from benchmarks.chat import Chat
from benchmarks.judging import ACCOUNT
from benchmarks.order import patterns, words
from benchmarks.row import Figure, Home, Row, Side, Target
from benchmarks.side import Figures, options, serve
from benchmarks.weilu import messages
from bot.app import RUBBISH
from bot.config_file import parse
from bot.events import Group, Message
from bot.pipeline import AT_FIRST, BATCH
from handlers.foresight import Foresight, look_ahead
from handlers.judging import judged, spares
from handlers.past import Pasts
from handlers.settings import GroupSettings
from handlers.standing import Standing
from rules.presets import names

_NONEBOT = "benchmarks.peers.nonebot_words"

ROW = Row(
    "judging",
    (
        Side(
            "ours",
            "handlers.foresight, handlers.past and handlers.judging, as the moderating stage calls "
            f"them, in batches of {AT_FIRST} (the pipeline takes up to {BATCH}): all presets, "
            "5,000 words, 50 patterns and every other rule there is, with each member's past; "
            "config.yaml read by bot.config_file",
            "benchmarks.rows.judging",
        ),
        Side(
            "nonebot",
            "nonebot2 2.5, one on_keyword handler with the same 5,000 words (`in`), no other rule, "
            "answers taken at once",
            _NONEBOT,
            Home.PEERS,
            "one",
        ),
        Side(
            "nonebot, idiomatic",
            "as its users write it: 500 on_keyword handlers of ten words",
            _NONEBOT,
            Home.PEERS,
            "each",
            extra=True,
            part=100,
        ),
    ),
    (
        Figure(
            "messages a second, all rules against 5,000 words with `in`",
            "messages",
            "/s",
            Target(20, at_least=True),
            "nonebot",
        ),
        Figure("the same", "messages", "/s", peer="nonebot, idiomatic"),
        Figure("share of messages in which a rule finds something", "found", ""),
    ),
    size=1_000,
    quick_size=300,
    quick_rounds=3,
    notes=(
        "200 groups, 5,000 members; one line in ten a hit, 15 % are pictures and the like",
        "CPU time: both sides work in one thread and wait for nothing",
        "ours looks for rubbish as seldom as bot.app does",
    ),
)

_OLD_HAND: Standing = (None, 0)


def config(own: tuple[str, ...], seed: int) -> GroupSettings:
    """Every rule there is, in force in one group."""
    presets = "\n".join(f"    {name}: {{preset: {name}}}" for name in names())
    text = f"""
account: {{name: {ACCOUNT}}}
groups: [{{match: {{pattern: "*"}}}}]
defaults:
  rules:
{presets}
    词表: {{rule: keywords, reason: 约定不说的词, words: {_list(words(own, seed))}}}
    句式: {{rule: patterns, reason: 约定不说的话, patterns: {_list(patterns(seed))}}}
    links: {{reason: 只放行自己的, deny: [bad.example], others: allow}}
    kinds: {{reason: 红包请到别处, kinds: [红包, 名片]}}
    flood: {{reason: 合成一条再发}}
    repeats: {{reason: 说一遍就看到了}}
    length: {{reason: 长文请发链接}}
    mentions: {{reason: 别打扰太多人}}
    coordinated: {{reason: 不要换着号发}}
    newcomer: {{reason: 先认识一下}}
    quiet_hours: {{reason: 夜里休息, consequence: note, from: "01:00", to: "05:00"}}
    nickname: {{reason: 看名字知道是谁, pattern: ".{{1,20}}"}}
"""
    return parse(text.encode(), "benchmark").groups[0].settings


def _list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + item.replace("'", "''") + "'" for item in items) + "]"


def main() -> None:
    """Serve measurements."""
    asked = options()
    gc.set_threshold(*RUBBISH)  # as the app that judges does
    chat = Chat(asked.seed)
    settings = config(chat.words, asked.seed)
    said = messages(chat.lines(asked.size), "judging", timedelta())

    def measure() -> Figures:
        begun = time.process_time()
        found = _judge_all(Pasts(), said, settings)
        seconds = time.process_time() - begun
        return {"messages": len(said) / seconds, "found": found / len(said)}

    serve(measure)


def _judge_all(pasts: Pasts, said: list[Message], settings: GroupSettings) -> int:
    """In how many messages something is found; they come in batches, as in the pipeline."""
    foresight = Foresight()
    found = 0
    for begin in range(0, len(said), AT_FIRST):
        batch = said[begin : begin + AT_FIRST]
        look_ahead([(message, settings) for message in batch], foresight, pasts)
        found += sum(_finds(pasts, foresight, message, settings) for message in batch)
    look_ahead((), foresight, pasts)
    return found


def _finds(pasts: Pasts, foresight: Foresight, message: Message, settings: GroupSettings) -> bool:
    group = message.group or Group(ACCOUNT, "")
    past = pasts.told(message, group, settings, now=message.at, standing=lambda: _OLD_HAND)
    if message.quote is None and foresight.nothing(message, settings.rules, past):
        return False
    found = judged(
        message,
        settings.rules,
        past,
        lambda rule: spares(rule, message, frozenset, settings.time_zone),
        foreseen=foresight,
    )
    return found.counts is not None


if __name__ == "__main__":
    main()
