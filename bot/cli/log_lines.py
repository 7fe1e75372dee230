"""What the log looks like: a line a record, the time of this place before it."""

import logging

_MOST = 0xA0
_OBEYED = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, _MOST)) if code not in b"\n\t"}


class LogLines(logging.Formatter):
    """`2026-11-22 09:59:03 INFO …`; nothing that a terminal obeys gets through."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """As ever, without controls and escapes."""
        return super().format(record).translate(_OBEYED)
