from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage.values import TopicStatus
from topics.fields import COLUMNS
from topics.files import read
from topics.template import NOTES, template
from topics.writing import Unwritable


@pytest.mark.parametrize("form", [".yaml", ".csv", ".xlsx", ".YAML"])
def test_it_can_be_imported(tmp_path: Path, form: str):
    """As it is: two examples, which are proposals, so that nothing is posted by mistake."""
    path = tmp_path / f"t{form}"
    path.write_bytes(template(form))

    assert [TopicStatus.PROPOSED] * 2 == [topic.status for topic in read(path)]


def test_every_field_is_explained(tmp_path: Path):
    """In comments, or on a sheet of its own."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(template(".xlsx"))
    notes = load_workbook(path)["说明 notes"]
    text = template(".yaml").decode()

    assert [*COLUMNS] == [*NOTES]
    assert ["栏", *COLUMNS.values()] == [row[0].value for row in notes.iter_rows()]
    for name, (zh, en) in NOTES.items():
        assert f"{COLUMNS[name]}：{zh} / {en}" in text


def test_other_files():
    """There is no template of anything else."""
    with pytest.raises(Unwritable):
        template(".txt")
