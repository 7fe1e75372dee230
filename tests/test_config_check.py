import json
from pathlib import Path

import pytest

from bot.config import Config, StorageSettings
from bot.config_check import STARS, differences, render, schema
from bot.config_file import load, parse

HOUSE = Path(__file__).parents[1]

TEXT = """\
account: {gateway: wechaty}
time_zone: Europe/Paris
pace: {quiet_hours: {from: 23:00, to: 07:30}}
admins: [{id: a}]
defaults:
  rules:
    flood: {reason: 慢一点, window: 2m}
groups:
- match: {name: 读书会}
  language: en
  programmes: {早: {cron: 0 9 * * *, grace: 1h, tags: [书]}}
- match: {pattern: "*"}
  rules: {flood: false}
  time_zone: Asia/Shanghai
"""


def config(text: str = TEXT) -> Config:
    """What a text says."""
    return parse(text.encode(), "c.yaml")


def test_the_last_day_of_an_exemption_is_shown_as_it_is_written() -> None:
    """A day of the calendar is neither a time nor a length."""
    exempt = "[{member: 阿青, reason: 老板, until: 2026-12-31}]"
    text = TEXT.replace("window: 2m", f"exempt: {exempt}")
    assert '"until": "2026-12-31"' in render(differences(config(text)))


def test_what_differs_is_shown_beside_the_default() -> None:
    """For the account and for each entry of groups, as the file would write it."""
    found = differences(config())
    account = {path: change["here"] for path, change in found["account"].items()}
    assert {
        "account.gateway": "wechaty",
        "time_zone": "Europe/Paris",
        "pace.quiet_hours.from": "23:00",
        "pace.quiet_hours.to": "07:30",
        "pace.quiet_hours.time_zone": "Europe/Paris",
        "admins": [{"id": "a", "name": ""}],
    } == account
    reading, others = found["groups"]
    assert {"name": "读书会"} == reading["match"]
    assert {
        "language": {"here": "en", "default": "zh"},
        "time_zone": {"here": "Europe/Paris", "default": "Asia/Shanghai"},
        "rules.flood.reason": {"here": "慢一点", "default": None},
        "rules.flood.window": {"here": "2m", "default": "1m"},
        "programmes.早.cron": {"here": "0 9 * * *", "default": None},
        "programmes.早.grace": {"here": "1h", "default": "30m"},
        "programmes.早.tags": {"here": ["书"], "default": []},
    } == reading["settings"]
    assert {"match": {"pattern": "*"}, "settings": {}} == others


def test_a_section_that_is_off_unless_it_is_written() -> None:
    """What it says is shown, though each part of it is as usual."""
    text = TEXT.replace("{cron: 0 9 * * *, grace: 1h", "{on_silence: {for: 2h}, grace: 1h")
    reading, _ = differences(config(text))["groups"]
    assert {"here": "2h", "default": None} == reading["settings"]["programmes.早.on_silence.for"]


def test_the_differences_are_ready_for_json() -> None:
    """They come back from it unchanged."""
    found = differences(config())
    assert found == json.loads(json.dumps(found))


def test_the_text_names_every_difference() -> None:
    """And says where there is none."""
    shown = render(differences(config()))
    assert '  account.gateway: "wechaty"  （默认 default: "sandbox"）' in shown.splitlines()
    assert "群 group · name: 读书会" in shown.splitlines()
    assert "  与默认相同 as the defaults" == shown.splitlines()[-1]
    assert "没有写任何群" in render(differences(config("account: {}\ngroups: []")))


def test_the_shipped_file_can_be_shown() -> None:
    """`weilu check` on a fresh machine."""
    assert "围炉读书会" in render(differences(load(HOUSE / "config.yaml")))


@pytest.mark.parametrize(
    "url", ["postgresql://me:geheim@db/x", "postgresql://db/x?password=geheim&y=1"]
)
def test_a_password_is_stars(url: str) -> None:
    """Even one that came in past the file's own check."""
    storage = StorageSettings.model_construct(url=url)
    found = differences(config().model_copy(update={"storage": storage}))
    assert url.replace("geheim", STARS) == found["account"]["storage.url"]["here"]


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    """A name may hold escapes, written as such in quotes."""
    shown = render(differences(config('account: {name: "a\\e[2J"}\ngroups: []')))
    assert "\x1b" not in shown


def test_the_schema_is_at_hand_for_the_command() -> None:
    """`weilu check --schema`."""
    assert "https://json-schema.org/draft/2020-12/schema" == schema()["$schema"]
