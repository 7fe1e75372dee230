"""Pictures with QR codes in them, for the tests."""

import io

import segno
from PIL import Image


def code(says: str, form: str = "PNG", *, clear: bool = False) -> bytes:
    """A picture of the code that says this; `clear` without the white behind it."""
    made = io.BytesIO()
    segno.make(says, micro=False).save(made, kind="png", scale=5, light=None if clear else "white")
    if form == "PNG":
        return made.getvalue()
    with Image.open(made) as image:
        return saved(image.convert("RGB"), form)


def saved(image: Image.Image, form: str = "PNG") -> bytes:
    """An image as the bytes of a file."""
    made = io.BytesIO()
    image.save(made, form)
    return made.getvalue()
