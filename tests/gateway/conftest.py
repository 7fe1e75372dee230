"""The Node gateway is installed before the first test: npm takes longer than a test may."""

import pytest
from gateway.node_server import NodeMissing, install

_NEEDS_NODE = ("gateway/wechaty/", "gateway/test_exam.py", "gateway/test_whole.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Install if one of the collected tests will ask for it; a failure is told there."""
    if any(part in item.path.as_posix() for item in items for part in _NEEDS_NODE):
        try:
            install()
        except NodeMissing as reason:
            print(f"Node 网关装不上 the Node gateway cannot be installed: {reason}")  # noqa: T201  pytest's own output
