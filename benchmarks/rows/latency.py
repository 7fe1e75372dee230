"""From the gateway sending a message to the answer arriving there, at 20 messages a second."""

from benchmarks import gateway_load
from benchmarks.gateway_load import as_said, connected
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, options, serve

_MODULE = "benchmarks.rows.latency"
_TITLE = "from the gateway sending a message to our reminder arriving there, 20 a second"

ROW = Row(
    "latency",
    (
        Side(
            "ours",
            "App on WechatyGateway, rules on, SQLite WAL/FULL, pace off: case and reminder are "
            "committed and claimed in that same commit, then sent",
            _MODULE,
            argument="ours",
        ),
        Side(
            "typescript",
            "npm wechaty 1.20 answering keywords, storing nothing",
            _MODULE,
            argument="typescript",
        ),
        Side(
            "bare",
            "grpcio.aio fetching the payload and answering, storing nothing",
            _MODULE,
            argument="bare",
        ),
    ),
    (
        Figure(_TITLE, "milliseconds", "ms", Target(1.0, at_least=False), "typescript"),
        Figure("the same", "milliseconds", "ms", Target(1.5, at_least=False), "bare"),
        Figure("the same, the slowest", "slowest", "ms", None, "typescript"),
    ),
    size=100,
    quick_size=20,
    notes=("every message is a hit and is answered; medians, timed in the gateway",),
    needs_node=True,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = gateway_load.chat(asked.seed)
    with connected(asked.side, chat) as (gateway, _):

        def measure() -> Figures:
            lines = [line for line in chat.lines(20 * asked.size) if line.hit][: asked.size]
            found = gateway.play(as_said(lines), every=50, patience=30)
            return {"milliseconds": found["median"], "slowest": found["slowest"]}

        serve(measure)


if __name__ == "__main__":
    main()
