import subprocess
import sys
from datetime import timedelta

import pytest

from rules.base import Exemption
from rules.digests import digest
from rules.flood import Flood
from rules.keywords import Keywords

FLOOD = Flood(reason="慢慢说", limit=5)


@pytest.mark.parametrize(
    "other",
    [
        {"reason": "慢一点说"},
        {"limit": 6},
        {"window": timedelta(minutes=2)},
        {"consequence": "warn"},
        {"severity": 1},
        {"name": "抢麦"},
    ],
)
def test_another_meaning(other: dict[str, object]) -> None:
    """Whatever members would notice makes another digest."""
    assert FLOOD.digest != Flood(**(FLOOD.model_dump() | other)).digest  # type: ignore[arg-type]


def test_the_same_meaning() -> None:
    """Whom it spares and whether it is only counted is not what it means."""
    spared = Exemption(member="陈姐", reason="她是主持人")

    assert FLOOD.digest == Flood(reason="慢慢说", limit=5, shadow=True, exempt=(spared,)).digest


def test_another_kind() -> None:
    """Rules of two kinds under one name are two rules."""
    one = Flood(name="一", reason="慢慢说")
    other = Keywords.model_validate({"name": "一", "reason": "慢慢说", "words": ["快"]})

    assert one.digest != other.digest


def test_what_is_off_is_not_there() -> None:
    """A new setting that is off changes no digest."""
    assert digest({"limit": 3}) == digest({"limit": 3, "new": None, "list": (), "flag": False})


def test_the_same_in_every_process() -> None:
    """Sets have another order in each."""
    code = "from rules.digests import digest; print(digest({'a': frozenset('abcdefg')}))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }

    assert {digest({"a": frozenset("abcdefg")})} == {each.strip() for each in found}
