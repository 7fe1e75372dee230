import json
from pathlib import Path

import pytest

from bot.config_page import main, page
from bot.config_schema import keys_at, schema, shape_at
from bot.config_tree import Path as Place

HOUSE = Path(__file__).parents[1]


def headings(path: Place = ()) -> list[str]:
    """The sections that must have a heading."""
    found = []
    for key in keys_at(path):
        below = (*path, key)
        if keys_at(below) and not {"zh", "en"} <= set(keys_at(below)):
            found += [".".join(map(str, below)), *headings(below)]
    return found


def test_the_page_in_the_house_is_current() -> None:
    """Else: python -m bot.config_page."""
    assert page() == (HOUSE / "docs" / "config.md").read_text(encoding="utf-8")


def test_every_section_has_its_heading() -> None:
    """Nobody has to look elsewhere."""
    lines = page().splitlines()
    assert [] == [name for name in headings() if f"## {name}" not in lines]
    assert "defaults.rules.flood" in headings()


@pytest.mark.parametrize("section", [("pace",), ("defaults",), ("defaults", "rules", "keywords")])
def test_every_setting_has_its_line(section: Place) -> None:
    """With what it means."""
    lines = page().splitlines()
    for key, setting in shape_at(section)["properties"].items():
        rows = [line for line in lines if line.startswith(f"| `{key}` |")]
        assert any(setting["description"] in row for row in rows)


def test_both_files_are_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder of the house."""
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    main()
    assert page() == (tmp_path / "docs" / "config.md").read_text(encoding="utf-8")
    assert schema() == json.loads((tmp_path / "config.schema.json").read_text(encoding="utf-8"))
