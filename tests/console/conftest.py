"""One Chromium for all tests of a worker that ask for it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from browser import running
from playwright.async_api import Browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """It belongs to the event loop of the session: tests that ask for it run there."""
    async with running() as browser:
        yield browser
