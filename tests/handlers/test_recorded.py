import pytest
from builders import NOON, group, person

from bot.events import Identity, Kind
from handlers.recorded import Part, UnrecordedError, recorded
from storage.values_of_order import Said

LIN = person("小林")


def heard(
    text: str | None, kind: Kind = Kind.TEXT, author: Identity | None = LIN, length: int = 2
) -> Said:
    """A recorded message."""
    return Said(1, "m1", author, NOON, kind, text, length, (person("小吴"),))


def test_what_was_kept_is_as_it_was_heard():
    """A text that was kept is one and the same message, with who was mentioned."""
    pair = recorded(heard("早呀"), group())

    assert pair is not None
    past, judged = pair
    assert past is judged
    assert ("早呀", LIN, NOON, group(), (person("小吴"),)) == (
        past.text,
        past.author,
        past.at,
        past.group,
        past.mentions,
    )


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (heard(None), {"text": Part.TEXT}),
        (heard(None, length=0), {}),
        (heard("", Kind.IMAGE), {"picture": Part.PICTURE}),
        (heard("看", Kind.URL), {"text": Part.TITLE, "link": Part.LINK, "title": Part.TITLE}),
        (heard(None, Kind.ATTACHMENT), {"text": Part.TEXT}),
        (heard("早"), {}),
        (heard("刷单", Kind.URL, length=0), {"link": Part.LINK}),
        (heard("刷单", Kind.ATTACHMENT, length=0), {}),
    ],
)
def test_what_was_not_recorded_refuses(said: Said, parts: dict[str, Part]):
    """For the past it is empty; who judges by it is told that it was not recorded."""
    pair = recorded(said, group())
    assert pair is not None
    past, judged = pair

    refused = {}
    for name in ("text", "link", "title", "picture", "author", "mentions"):
        try:
            getattr(judged, name)
        except UnrecordedError as error:
            refused[name] = error.part
    assert parts == refused
    assert (past.kind, past.author) == (judged.kind, judged.author)


@pytest.mark.parametrize("kind", [Kind.URL, Kind.MINI_PROGRAM, Kind.CHAT_HISTORY])
def test_the_title_of_a_card(kind: Kind):
    """It is judged as its text, as when it was heard; to the past a card has none."""
    pair = recorded(heard("刷单日结", kind, length=0), group())
    assert pair is not None
    past, judged = pair

    assert ("", "刷单日结") == (past.text, judged.text)


def test_nobody_said_it():
    """What a forgotten person said cannot be judged."""
    assert recorded(heard(None, author=None), group()) is None
