import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import code, saved
from PIL.Image import new

from bot.gateway.pictures import MOST_BYTES, NoPicture, Picture, picture

PNG = code("https://example.com")


@pytest.mark.parametrize(
    ("form", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg"), ("GIF", ".gif"), ("WEBP", ".webp")]
)
def test_a_file(tmp_path: Path, form: str, suffix: str):
    """It is named by what it is: platforms tell pictures by their names."""
    data = saved(new("RGB", (3, 3)), form)
    (tmp_path / "图").mkdir()
    (tmp_path / "图" / "茶.tea").write_bytes(data)

    assert Picture(f"茶{suffix}", data) == picture("图/茶.tea", tmp_path)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("https://example.com/a/%E8%8C%B6.PNG?x=1", "茶.PNG"),
        ("http://example.com", "picture.jpg"),
        ("HTTPS://example.com/show?id=3", "picture.jpg"),
        ("https://example.com/%0A.png", "picture.jpg"),
    ],
)
def test_an_address(place: str, name: str):
    """The platform loads it; it is named as the address names it, if that is a picture's name."""
    assert Picture(name, url=place) == picture(place, None)


@pytest.mark.parametrize("place", ["http://", "https:///a.png", "https://a b.png", "http://[a.png"])
def test_an_address_that_is_none(place: str):
    """What cannot be loaded is not handed on."""
    with pytest.raises(NoPicture, match="网址不对"):
        picture(place, None)


def test_no_way_out(tmp_path: Path):
    """Neither dots, nor a whole path, nor a link, nor a hidden name leads out of the folder."""
    inside = tmp_path / "里"
    (inside / ".git").mkdir(parents=True)
    for path in (tmp_path / "外.png", inside / ".git" / "a.png", inside / "a.png"):
        path.write_bytes(PNG)
    (inside / "link.png").symlink_to(tmp_path / "外.png")
    (inside / "loop.png").symlink_to(inside / "loop.png")
    (inside / "fine.png").symlink_to(inside / "a.png")
    os.mkfifo(inside / "pipe.png")
    refused = ["../外.png", str(tmp_path / "外.png"), "link.png", "loop.png", "pipe.png"]
    refused += [".git/a.png", "", ".", "\0.png", "x" * 5000, "file:///etc/hostname"]
    for place in refused:
        with pytest.raises(NoPicture):
            picture(place, inside)
    assert PNG == picture("fine.png", inside).data
    with pytest.raises(NoPicture):
        picture("a.png", None)


def test_what_is_too_large_or_no_picture(tmp_path: Path):
    """The limit is told; a text with the name of a picture stays where it is."""
    (tmp_path / "大.png").write_bytes(PNG.ljust(MOST_BYTES + 1))
    (tmp_path / "秘.png").write_text("token: s3cret")
    for place, complaint in (("大.png", "超过 2 MB"), ("秘.png", "不是图片")):
        with pytest.raises(NoPicture, match=complaint):
            picture(place, tmp_path)


@given(st.text(alphabet="ab./:?%@[]h tps\n\0\\~") | st.text())
def test_whatever_is_written(place: str):
    """Any text is an address for the platform, or is refused with words: nothing is read."""
    found: Picture | str
    try:
        found = picture(place, Path("/nowhere"))
    except NoPicture as no:
        found = str(no)

    assert found == (Picture(found.name, url=place) if isinstance(found, Picture) else found)
    assert found
