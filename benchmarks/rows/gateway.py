"""Messages a second from the real Node gateway to the commit, and how long an answer takes."""

from benchmarks import gateway_load
from benchmarks.gateway_load import as_said, connected
from benchmarks.row import Figure, Row, Side, Target
from benchmarks.side import Figures, options, serve

_MODULE = "benchmarks.rows.gateway"
_ANSWER = "from the gateway sending a message to our reminder arriving there, 20 a second"
_EVERY = 50
"""Milliseconds from one message that is answered to the next; one for 50 of the size."""

ROW = Row(
    "gateway",
    (
        Side(
            "ours",
            "App on WechatyGateway, rules on (200 words, flood), SQLite WAL/FULL, pace off, "
            "no cool-down: every hit is a case and answered through the outbox (case and reminder "
            "are committed and claimed in one commit, then sent)",
            _MODULE,
            argument="ours",
        ),
        Side(
            "typescript",
            "npm wechaty 1.20 with wechaty-puppet-service, answering the same 200 words "
            "by `includes`, storing nothing",
            _MODULE,
            argument="typescript",
        ),
        Side(
            "bare",
            "grpcio.aio with protobuf, 32 payloads fetched ahead, answering the same words, "
            "storing nothing",
            _MODULE,
            argument="bare",
        ),
    ),
    (
        Figure(
            "messages a second from the Node gateway to the durable commit, rules on",
            "messages",
            "/s",
            Target(1.2, at_least=True),
            "typescript",
        ),
        Figure("the same", "messages", "/s", Target(0.7, at_least=True), "bare"),
        Figure(_ANSWER, "milliseconds", "ms", Target(1.0, at_least=False), "typescript"),
        Figure("the same", "milliseconds", "ms", Target(1.5, at_least=False), "bare"),
        Figure("the same, the slowest", "slowest", "ms", None, "typescript"),
    ),
    size=5_000,
    quick_size=1_000,
    notes=(
        (
            "all sides: the gateway says the lines as fast as it can write them, one in ten a hit; "
            "timed in the gateway from the first line said to the last hit answered (the last line "
            "is a hit; our answers leave after their commit); answers are echoed as messages"
        ),
        (
            "then 20 a second, one for each 50 of the size: every one is a hit and answered; "
            "medians, timed in the gateway"
        ),
    ),
    needs_node=True,
)


def main() -> None:
    """Serve measurements."""
    asked = options()
    chat = gateway_load.chat(asked.seed)
    with connected(asked.side, chat) as (gateway, _):

        def measure() -> Figures:
            lines = as_said(chat.lines(asked.size))
            lines[-1] |= {"text": chat.words[0], "type": 7, "answer": True}
            fast = gateway.play(lines, every=0, patience=60)
            hits = [line for line in chat.lines(asked.size // 2) if line.hit][: asked.size // 50]
            slow = gateway.play(as_said(hits), every=_EVERY, patience=30)
            return {
                "messages": asked.size / fast["seconds"],
                "milliseconds": slow["median"],
                "slowest": slow["slowest"],
            }

        serve(measure)


if __name__ == "__main__":
    main()
