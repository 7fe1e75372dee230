"""A burst of messages from the Node gateway, each answered."""

from dataclasses import replace

from benchmarks import gateway_load
from benchmarks.gateway_load import as_said, connected
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, options, serve

_MODULE = "benchmarks.rows.burst"
_TITLE = "a burst of 5,000 messages, each answered"

ROW = Row(
    "burst",
    (
        Side(
            "ours",
            "App on WechatyGateway, rules on, SQLite WAL/FULL, pace off, no cool-down: each "
            "message is a case with a reminder through the outbox",
            _MODULE,
            argument="ours",
            fresh=True,
        ),
        Side(
            "bare",
            "grpcio.aio, 32 payloads fetched ahead, answering in order, storing nothing",
            _MODULE,
            argument="bare",
            fresh=True,
        ),
        Side(
            "python-wechaty",
            "python-wechaty 0.10.7 on Python 3.10 answering keywords, storing nothing; not asked "
            "for the burst four times as long, which stalls it",
            _MODULE,
            argument="python-wechaty",
            needs_python310=True,
            fresh=True,
            extra=True,
            part=10,
        ),
    ),
    (
        Figure(_TITLE, "messages", "/s", Target(0.6, at_least=True), "bare"),
        Figure("the same", "messages", "/s", None, "python-wechaty"),
        Figure("the slowest answer", "slowest", "s", None, "bare"),
        Figure("the slowest answer", "slowest", "s", None, "python-wechaty"),
        Figure(
            "peak memory after four times as many, against after a warm-up of as many",
            "growth",
            "×",
            Target(1.1, at_least=False, of_ratio=False),
        ),
    ),
    size=5_000,
    quick_size=400,
    rounds=5,
    seconds=400,
    notes=(
        (
            "every message is a hit; timed in the gateway from the first message said to the last "
            "answer; answers are echoed as messages; growth: 20,000 answered after 25,000, in "
            "which SQLite's page cache (32 MiB) has filled up"
        ),
    ),
    needs_node=True,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = gateway_load.chat(asked.seed)
    with connected(asked.side, chat) as (gateway, client):

        def burst(count: int) -> dict[str, float]:
            lines = [
                replace(line, text=line.text + chat.words[0], kind="text", hit=True)
                for line in chat.lines(count)
            ]
            return gateway.play(as_said(lines), every=0, patience=100)

        def measure() -> Figures:
            found = burst(asked.size)
            if found["answered"] < found["wanted"]:
                raise RuntimeError(f"{found['answered']} of {found['wanted']} answered")
            figures = {
                "messages": asked.size / found["seconds"],
                "slowest": found["slowest"] / 1_000,
            }
            if asked.side == "ours":
                burst(4 * asked.size)  # not measured: SQLite's page cache fills up
                before = client.memory()
                burst(4 * asked.size)
                figures["growth"] = client.memory() / before
            return figures

        serve(measure)


if __name__ == "__main__":
    main()
