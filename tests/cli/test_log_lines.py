import logging

from bot.cli.log_lines import LogLines


def test_a_line_that_no_terminal_obeys():
    """Time, level, message; controls and escapes are replaced, the lines of a message stay."""
    record = logging.LogRecord("x", logging.WARNING, "", 1, "%s\n完", ("\x1b[2J\r\x9b群",), None)

    line = LogLines().format(record)

    assert " WARNING \ufffd[2J\ufffd\ufffd群\n完" == line[19:]
