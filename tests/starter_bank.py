"""The starter bank as it is shipped, read once for all tests: 200 topics of YAML take a while."""

from pathlib import Path

import topics
from topics.files import read

STARTER = tuple(read(Path(topics.__file__).parent / "starter.yaml"))
