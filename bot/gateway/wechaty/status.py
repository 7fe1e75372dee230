"""How a call of the gateway ends: gRPC's codes, and the failure that carries one."""

from enum import IntEnum


class Code(IntEnum):
    """The codes of gRPC; a number it does not define is UNKNOWN."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16

    @classmethod
    def _missing_(cls, value: object) -> "Code":  # noqa: ARG003 - whatever the number
        return cls.UNKNOWN


OF_THE_LINE = {Code.UNAVAILABLE, Code.CANCELLED, Code.DEADLINE_EXCEEDED, Code.INTERNAL}
"""What says nothing about the question: the line broke, or no answer came in time."""


class Failed(Exception):  # noqa: N818  it says what became of the call
    """A call that failed. `sent` is False where the gateway has certainly not seen it."""

    def __init__(self, code: Code, details: str = "", *, sent: bool = True) -> None:
        super().__init__(f"{code.name}: {details}" if details else code.name)
        self.code = code
        self.details = details
        self.sent = sent
