import pytest
from builders import BOT, person, said

from handlers.asking import Asked, asked


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@围炉 帮助", Asked.HELP),
        ("@围炉\u2005帮助", Asked.HELP),
        ("帮助 @围炉", Asked.HELP),
        ("@围炉 /帮助", Asked.HELP),
        ("@围炉 帮助！", Asked.HELP),
        ("@围炉 HELP", Asked.HELP),
        ("@围炉 ？", Asked.HELP),
        ("@围炉 群规？", Asked.RULES),
        ("@围炉 ！", Asked.UNKNOWN),
        ("/群规", Asked.RULES),
        ("@围炉 群规 详细", Asked.DETAILS),
        ("群规 2", Asked.DETAILS),
        ("rules more", Asked.DETAILS),
        ("@炉子 规则。", Asked.RULES),
        ("@围炉 我的记录", Asked.RECORD),
        ("@围炉 My  Record", Asked.RECORD),
        ("@围炉 帮助我搬家", Asked.UNKNOWN),
        ("@围炉", Asked.UNKNOWN),
        ("", Asked.UNKNOWN),
        ("谢谢 @围炉", Asked.UNKNOWN),
    ],
)
def test_what_is_asked(text: str, what: Asked):
    """The mention, a slash, punctuation, case and width make no difference; other words do."""
    assert what is asked(said(text, mentions=(BOT,)))


def test_a_name_with_spaces():
    """A mention is taken out as a whole, also where the name has spaces."""
    assert Asked.RULES is asked(said("@小 围 炉 群规", mentions=(person("小 围 炉"),)))
