import hashlib
from pathlib import Path

import console

FOLDER = Path(console.__file__).parent / "static" / "vendor"
TAKEN = {
    "htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "echarts-6.1.0.min.js": "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
}


def test_what_was_taken_is_unchanged():
    """The scripts of others are those that npm gave."""
    assert TAKEN == {
        name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() for name in TAKEN
    }
