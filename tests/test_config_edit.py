import hashlib
from pathlib import Path

import pytest

from bot import config_edit
from bot.config_edit import ChangedMeanwhile, NotWritten, backup, replace, written
from bot.faults import ConfigFaults

OLD, NEW = "account: {name: 围炉}\ngroups: []\n", "account: {name: 炉子}\ngroups: []\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A config file, in a folder where nothing else is."""
    path = tmp_path / "house" / "config.yaml"
    path.parent.mkdir()
    path.write_bytes(OLD.encode())
    return path


def test_what_the_file_holds(path: Path):
    """Its text, and a digest of its bytes."""
    now = written(path)

    assert (OLD, hashlib.sha256(OLD.encode()).hexdigest()) == (now.text, now.digest)


def test_the_new_text_and_the_old_one_beside_it(path: Path):
    """And nothing else is left in the folder."""
    path.chmod(0o640)
    replace(path, NEW, written(path).digest)

    assert (NEW, OLD) == (path.read_text("utf-8"), backup(path).read_text("utf-8"))
    assert ["config.yaml", "config.yaml.bak"] == sorted(each.name for each in path.parent.iterdir())
    assert 0o640 == path.stat().st_mode & 0o777


def test_it_is_not_written_over_what_somebody_else_wrote(path: Path):
    """What they wrote stays, and no backup is made."""
    before = written(path).digest
    path.write_text("# 我的\n", "utf-8")

    with pytest.raises(ChangedMeanwhile):
        replace(path, NEW, before)

    assert "# 我的\n" == path.read_text("utf-8")
    assert not backup(path).exists()


def test_line_ends_stay_as_they_were(path: Path):
    """A file from Windows stays one."""
    path.write_bytes(OLD.replace("\n", "\r\n").encode())
    replace(path, NEW, written(path).digest)

    assert NEW.replace("\n", "\r\n").encode() == path.read_bytes()


def test_another_encoding_becomes_utf_8(path: Path):
    """What was there is kept byte by byte."""
    old = f"# 大家来聊书，不来看广告，一天一个话题\n{OLD}"
    path.write_bytes(old.encode("gb18030"))
    assert old == written(path).text
    replace(path, NEW, written(path).digest)

    assert NEW.encode() == path.read_bytes()
    assert old.encode("gb18030") == backup(path).read_bytes()


def test_a_link_stays_a_link(path: Path, tmp_path: Path):
    """What it leads to is written."""
    link = tmp_path / "config.yaml"
    link.symlink_to(path)
    replace(link, NEW, written(link).digest)

    assert (True, NEW) == (link.is_symlink(), path.read_text("utf-8"))


def test_what_goes_wrong_on_the_way_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch):
    """The file is as it was, and no half of another lies about."""
    moved = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target == path:
            raise OSError(28, "No space left on device")
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotWritten, match="No space left"):
        replace(path, NEW, written(path).digest)

    assert OLD == path.read_text("utf-8")
    assert ["config.yaml", "config.yaml.bak"] == sorted(each.name for each in path.parent.iterdir())


def test_a_file_that_cannot_be_read(path: Path):
    """Its faults say why."""
    path.write_bytes(OLD.encode("utf-16"))
    with pytest.raises(ConfigFaults, match="UTF-16"):
        config_edit.written(path)
    path.unlink()
    with pytest.raises(ConfigFaults, match="没有这个文件"):
        replace(path, NEW, "")
