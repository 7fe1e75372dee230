"""A short soak; the long one: `python -m faults.soak` in tests/."""

from pathlib import Path

import pytest
from faults.soak import soak


@pytest.mark.timeout(120)
async def test_memory_and_files_stay_flat(tmp_path: Path):
    """A few thousand messages later the process has as many files open and little more memory."""
    soaked = await soak(tmp_path, seconds=3)

    assert {} == soaked.wrong
    assert soaked.more_files <= 2, soaked.table()
    assert soaked.bytes_a_message < 5_000, soaked.table()  # the caches are not full yet
