"""What a group is told of its rules: the first time all of them, then what has changed."""

from bot.texts import Text
from handlers.ladder_words import climbs
from handlers.screen import Entry, one_screen
from handlers.settings import Acceptance, GroupSettings
from handlers.terms import is_ladder, title
from handlers.wording import filled, length, say
from storage.values_of_order import Pact, PactRule

FIRST = Text(
    zh="【群规】这里的约定，每条都有理由（第 {version} 版）：",
    en="[Rules] What we agreed on here, and why (version {version}):",
)
CHANGED = Text(
    zh="【群规】有这些变化（第 {version} 版）：",
    en="[Rules] What has changed (version {version}):",
)
NONE_LEFT = Text(
    zh="【群规】这里不再有写下的规则（第 {version} 版），互相友善就好。",
    en="[Rules] There are no written rules here any more (version {version}): just be kind.",
)
ADDED = Text(zh="新增「{rule}」", en="New: “{rule}”")
AMENDED = Text(zh="改了「{rule}」", en="Changed: “{rule}”")
DROPPED = Text(zh="不再有「{rule}」", en="Gone: “{rule}”")
NOTICE = Text(
    zh="{length}后开始据此处理，在那之前只提醒。",
    en="They bind in {length}; until then there are reminders only.",
)
AGREE = Text(zh="同意的话，请 @我 说「同意」。", en="If you agree, mention me and say “agree”.")
ASK = Text(
    zh="@我 说「群规」随时可看；受了处理都可以申诉。",
    en="Mention me and say “rules” to read them; whatever follows, you can appeal.",
)


def announcement(pact: Pact, before: Pact | None, settings: GroupSettings) -> str:
    """A version in at most one screen, as the difference to the one posted before."""
    language = settings.language
    if not pact.rules:
        return say(NONE_LEFT, language, version=pact.version)
    first = before is None or not before.rules
    entries = _all(pact) if first or before is None else _difference(pact, before, settings)
    head = say(FIRST if first else CHANGED, language, version=pact.version)
    return one_screen(head, entries, _tail(settings), language)


def _all(pact: Pact) -> list[Entry]:
    return [(title(rule), rule.reason) for rule in pact.rules if not is_ladder(rule)]


def _difference(pact: Pact, before: Pact, settings: GroupSettings) -> list[Entry]:
    was = {rule.name: rule.digest for rule in before.rules}
    now = {rule.name for rule in pact.rules}
    changed = [rule for rule in pact.rules if was.get(rule.name) != rule.digest]
    gone = [rule for rule in before.rules if rule.name not in now and not is_ladder(rule)]
    named = [(AMENDED if rule.name in was else ADDED, rule) for rule in changed]
    return [
        *((filled(how, rule=title(rule)), _why(rule, settings)) for how, rule in named),
        *((filled(DROPPED, rule=title(rule)), "") for rule in gone),
    ]


def _why(rule: PactRule, settings: GroupSettings) -> str:
    return climbs(settings.ladder, settings.language) if is_ladder(rule) else rule.reason


def _tail(settings: GroupSettings) -> str:
    pact, language = settings.pact, settings.language
    parts = []
    if pact.notice:
        parts.append(say(NOTICE, language, length=length(pact.notice)))
    if settings.commands.enabled:
        asks = pact.accept is Acceptance.WORD
        parts += [say(AGREE, language)] if asks else []
        parts.append(say(ASK, language))
    return "\n".join(parts)
