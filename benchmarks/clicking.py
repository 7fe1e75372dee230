"""People at the console: `python -m benchmarks.clicking HOST COOKIE PEOPLE GROUPS`, until ended.

They click after a line `go` on the standard input, and rest after `rest`. They share one session.
Each opens a page every two seconds, and half of that later what is live on it asks for itself.
"""

import http.client
import sys
import threading
import time
from random import Random

from benchmarks.pages import LIVE, PAGES

_BETWEEN = 2.0


def main() -> None:
    """Click until the process is ended."""
    host, cookie = sys.argv[1:3]
    people, groups = map(int, sys.argv[3:])
    awake = threading.Event()
    for number in range(people):
        threading.Thread(
            target=_person, args=(host, cookie, Random(number), groups, awake), daemon=True
        ).start()
    for line in sys.stdin:
        (awake.set if line.strip() == "go" else awake.clear)()


def _person(host: str, cookie: str, draw: Random, groups: int, awake: threading.Event) -> None:
    connection = http.client.HTTPConnection(host)
    time.sleep(draw.random() * _BETWEEN)
    while awake.wait():
        name = draw.choice([*PAGES])
        number = draw.randint(1, groups)
        _get(connection, PAGES[name].format(group=number), cookie)
        time.sleep(_BETWEEN / 2)
        for piece in LIVE.get(name, ()):
            _get(connection, piece.format(group=number), cookie)
        time.sleep(_BETWEEN / 2)


def _get(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    try:
        connection.request("GET", path, headers={"cookie": cookie})
        connection.getresponse().read()
    except (http.client.HTTPException, OSError):
        connection.close()  # it had rested too long: the next request opens it anew


if __name__ == "__main__":
    main()
