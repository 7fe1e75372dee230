import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import code, saved
from PIL import Image

from rules.codes import read_codes

GROUP = "https://weixin.qq.com/g/AbC"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_read(form: str):
    """A code is read in every form that pictures are sent in."""
    assert (GROUP,) == read_codes(code(GROUP, form))


def test_no_background():
    """What is transparent is read as people see it, on white."""
    assert (GROUP,) == read_codes(code(GROUP, clear=True))


def test_inside_a_photo():
    """A code somewhere in a large noisy photo is read."""
    with Image.effect_noise((1800, 2400), 60).convert("RGB") as photo:
        with Image.open(io.BytesIO(code(GROUP))) as small:
            photo.paste(small.convert("RGB").resize((600, 600)), (700, 900))
        assert (GROUP,) == read_codes(saved(photo, "JPEG"))


def test_two_codes():
    """Every code in a picture is read."""
    with Image.new("RGB", (700, 300), "white") as sheet:
        for place, says in enumerate(["one", "two"]):
            with Image.open(io.BytesIO(code(says))) as each:
                sheet.paste(each.convert("RGB"), (20 + 350 * place, 20))
        assert {"one", "two"} == set(read_codes(saved(sheet)))


def test_none():
    """A picture without a code, half a picture, and no picture say nothing."""
    whole = code(GROUP)

    assert () == read_codes(saved(Image.new("RGB", (200, 200), "white")))
    assert () == read_codes(whole[: len(whole) // 2])
    assert () == read_codes(b"")
    assert () == read_codes(b"GIF89a, they said")


def test_a_bomb():
    """Few bytes that would become four hundred million pixels are not opened."""
    bomb = saved(Image.new("1", (20_000, 20_000)))

    assert len(bomb) < 100_000
    assert () == read_codes(bomb)


@given(st.binary(max_size=200), st.integers(0, 150))
def test_hostile_pictures(junk: bytes, place: int):
    """Whatever the bytes are, nothing is raised."""
    whole = code(GROUP)

    read_codes(junk)
    read_codes(whole[:place] + junk + whole[place + len(junk) :])
