"""docs/operators.md: what it tells operators to say is understood as it says."""

import re
from pathlib import Path

import pytest
from builders import said

from handlers.orders import Order, order

PAGE = (Path(__file__).parent.parent / "docs" / "operators.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?`) \| .+ \|$", PAGE, re.MULTILINE)
SAID = [words for row in ROWS for words in re.findall(r"`([^`]+)`", row)]
OF_MEMBERS = ("帮助", "群规", "我的记录", "申诉", "举报")
ORDERS = [words for words in SAID if not words.startswith(OF_MEMBERS)]


def test_the_page_is_read():
    """It teaches orders of every kind, and what members can do."""
    assert len({words.split()[0] for words in ORDERS}) >= 13
    assert set(OF_MEMBERS) == {words.split()[0] for words in SAID if words not in ORDERS}


@pytest.mark.parametrize("words", ORDERS)
def test_an_order_is_complete(words: str):
    """Nothing is missing, and what it lacks in mentions it has in names."""
    found = order(said(words), None)

    assert isinstance(found, Order)
