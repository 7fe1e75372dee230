import re

import pytest

from rules.late import late


def test_it_is_what_it_would_have_been(monkeypatch: pytest.MonkeyPatch):
    """Compiled once, and not before it is asked for anything."""
    compiled = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *asked: compiled.append(asked) or compile_(*asked))
    words = late("围.", re.DOTALL)
    assert [] == compiled

    assert ["围炉", "围\n"] == words.findall("围炉围\n")
    assert words.search("炉") is None
    assert words.search("围炉") is not None
    assert "围." == words.pattern
    assert {("围.", re.DOTALL)} == {*compiled}
