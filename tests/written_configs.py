"""Sound configs, as Hypothesis thinks them up: what any file may say."""

from typing import Any

from hypothesis import strategies as st

_WORDS = st.text(alphabet="abXY读书会群01_", max_size=10).map(lambda word: f"文字{word}")
_LENGTHS = st.sampled_from(["30s", "10m", "2h", "1d", "1h30m", "10 分钟"])
_ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Paris", "UTC", "America/New_York"])
_LANGUAGES = st.sampled_from(["zh", "en", "both"])


def _some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


def _text(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.lists(st.sampled_from(names) if names else st.nothing(), unique=True).map(
        lambda used: dict.fromkeys(("zh", "en"), "你好 " + "".join(f"{{{name}}}" for name in used))
    )


def _steps() -> list[Any]:
    """A list of its own each time: tests misspell what is in it."""
    return ["warn", {"quiet": "1d"}, "ban"]


_PEOPLE = st.lists(st.fixed_dictionaries({"id": _WORDS}, optional={"name": _WORDS}), max_size=2)
_ANY_RULE: dict[str, st.SearchStrategy[Any]] = {
    "consequence": st.sampled_from(["note", "remind", "warn", "ban"]),
    "severity": st.integers(0, 3),
    "shadow": st.booleans(),
    "exempt": st.lists(
        st.fixed_dictionaries(
            {"role": st.sampled_from(["operator", "admin", "newcomer"]), "reason": _WORDS},
            optional={"until": st.dates().map(str)},
        ),
        max_size=2,
    ),
}
_FLOOD = st.fixed_dictionaries(
    {"reason": _WORDS},
    optional=_ANY_RULE | {"limit": st.integers(2, 1000), "window": st.sampled_from(["30s", "2h"])},
)
_KEYWORDS = st.fixed_dictionaries(
    {"reason": _WORDS, "words": st.lists(_WORDS, min_size=1, max_size=3)},
    optional=_ANY_RULE | {"allow": st.lists(_WORDS, max_size=2)},
)
_OWN = st.fixed_dictionaries({"rule": st.just("flood"), "reason": _WORDS}, optional=_ANY_RULE)
_PRESET = st.fixed_dictionaries({"preset": st.just("广告")}, optional=_ANY_RULE)
_CRON = st.sampled_from(["0 9 * * *", "*/15 8-20 * * mon-fri"])
_AT = st.sampled_from(["工作日 9:00", "daily 8:00, 20:00; 周一到周五 12:00"])
_SILENCE = st.fixed_dictionaries(
    {"for": st.sampled_from(["2h", "90m"])},
    optional={"from": st.just("8:00"), "below": st.integers(1, 100)},
)
_HOLDS = _some(enabled=st.booleans(), speakers=st.integers(2, 9), at_the_end=st.just("post"))
_SUMMARY = _some(enabled=st.booleans(), quotes=st.integers(0, 5), text=_text("title", "people"))
_PROGRAMME = st.one_of(
    *(
        st.fixed_dictionaries(when, optional=rest)
        for rest in [
            {
                "days": st.sampled_from(["every", "workdays"]),
                "quiet_days": st.lists(st.sampled_from(["春节", "10-01", "12月~1月"]), max_size=2),
                "country": st.sampled_from(["CN", "DE"]),
                "stage": _WORDS,
                "ratio": _some(universal=st.integers(1, 3)),
                "opening": _text(),
                "hold_back": _HOLDS,
                "summary": _SUMMARY,
                "time_zone": _ZONES,
                "grace": _LENGTHS,
                "window": _LENGTHS,
                "tags": st.lists(_WORDS, max_size=2),
                "kind": st.sampled_from(["universal", "professional"]),
            }
        ]
        for when in ({"cron": _CRON}, {"at": _AT}, {"on_silence": _SILENCE})
    )
)


_OFF = st.sampled_from([False, None])
_GROUP: dict[str, st.SearchStrategy[Any]] = {
    "language": _LANGUAGES,
    "time_zone": _ZONES,
    "purpose": _WORDS,
    "keep_text_days": st.integers(0, 3650),
    "rules": st.none()
    | _some(flood=_FLOOD | _OFF, keywords=_KEYWORDS | _OFF, 慢些=_OWN, 广告=_PRESET),
    "ladder": st.none() | _some(decay=_LENGTHS, steps=st.builds(_steps)),
    "moderate": st.none() | _some(cooldown=_LENGTHS, text=_text("rule", "reason", "case")),
    "welcome": st.none() | _some(enabled=st.booleans(), expires=_LENGTHS, text=_text("group")),
    "commands": _some(enabled=st.booleans()),
    "programmes": st.none() | st.dictionaries(_WORDS, _PROGRAMME, max_size=2),
}
_ENTRIES = st.dictionaries(_WORDS, _some(**_GROUP), max_size=3).map(
    lambda found: [{"match": {"name": name}, **entry} for name, entry in found.items()]
)
_PACE = _some(
    per_minute=st.integers(1, 60),
    typing_per_character=st.sampled_from([0, 0.1, 1, 2.0]),
    typing_cap=_LENGTHS,
    typing_jitter=st.floats(0.01, 1).map(lambda share: round(share, 2)),
    removals_per_hour=st.integers(0, 60),
    retry_cap=_LENGTHS,
    quiet_hours=st.fixed_dictionaries(
        {"from": st.sampled_from(["23:00", "22:30"]), "to": st.sampled_from(["7:30", "08:00"])},
        optional={"time_zone": _ZONES},
    ),
)

CONFIGS = st.fixed_dictionaries(
    {
        "account": _some(name=_WORDS, gateway=st.sampled_from(["sandbox", "wechaty"])),
        "groups": st.none() | _ENTRIES,
    },
    optional={
        "wechaty": _some(endpoint=st.just("127.0.0.1:8788"), tls=st.booleans(), ca=_WORDS),
        "language": _LANGUAGES,
        "time_zone": _ZONES,
        "storage": _some(url=st.sampled_from(["sqlite:///x.db", "postgresql://db/weilu"])),
        "operators": _some(group=_WORDS, people=_PEOPLE),
        "admins": st.none() | _PEOPLE,
        "pace": st.none() | _PACE,
        "defaults": st.none() | _some(**_GROUP),
    },
)
"""Plain data; as JSON it is YAML."""
