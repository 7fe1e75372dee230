import pytest
from any_topics import asked, topics
from hypothesis import given

from storage.values import Topic, TopicKind
from topics.fields import clean
from topics.forms import FORM, read, written


@given(topics().map(lambda some: some[0]))
def test_a_form_gives_back_what_stood_in_it(topic: Topic):
    """Who opens a topic and saves it has changed nothing."""
    clear = {name: _clear(getattr(topic, name)) for name in FORM}
    values, faults = read({name: written(topic, name) for name in FORM})

    assert {} == faults
    assert clear == {name: _clear(value) for name, value in values.items()}


def _clear(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def test_each_fault_stands_at_its_field():
    """The others are read all the same."""
    values, faults = read(
        {"title": " ", "text": "问", "weight": "0", "kind": "专业", "link": "javascript:x"}
    )

    assert {"title", "weight", "link"} == set(faults)
    assert TopicKind.PROFESSIONAL is values["kind"]


@pytest.mark.parametrize(
    ("name", "usual"),
    [("weight", 1), ("kind", TopicKind.UNIVERSAL), ("tags", ()), ("goal", "")],
)
def test_an_emptied_field_has_its_usual_value(name: str, usual: object):
    """As in a file, where it is there but empty."""
    assert ({name: usual}, {}) == read({name: ""})


def test_a_field_that_is_not_there_is_not_given():
    """A form need not have all of them."""
    assert ({"goal": "读完"}, {}) == read({"goal": "读完", "status": "停用"})


def test_what_is_written_is_chinese():
    """As in a sheet that was exported."""
    topic = asked("tea", title="茶", text="喝？", tags=("读书", "早晨"))

    assert ["万能", "读书、早晨", "1"] == [
        written(topic, each) for each in ("kind", "tags", "weight")
    ]
