"""What the QR codes in a picture say."""

import io
from functools import lru_cache
from typing import Any

_MOST_BYTES = 20_000_000
_MOST_PIXELS = 40_000_000
"""Forty million: a large photo. What is beyond is taken for a bomb and not opened."""
_SIDE = 2000
"""Codes that people can scan are found at this size; reading time grows with the pixels."""
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "MPO")


@lru_cache(maxsize=8)
def read_codes(picture: bytes) -> tuple[str, ...]:
    """What each readable QR code in the picture says, in no promised order.

    Nothing where there is no code, or where the picture cannot be read: no picture is an offence
    because of what it is not. At most 20 MB and 40 million pixels are looked at. Remembers the
    last few pictures, since several rules may ask about one.
    """
    if not picture or len(picture) > _MOST_BYTES:
        return ()
    try:
        return _read(picture)
    except Exception:  # noqa: BLE001  decoders raise anything at a hostile picture
        return ()


def _read(picture: bytes) -> tuple[str, ...]:
    """Raises whatever the decoders raise."""
    import zxingcpp  # with Pillow 40 ms, and only where pictures are looked into
    from PIL import Image

    with Image.open(io.BytesIO(picture), formats=_FORMATS) as image:
        if image.width * image.height > _MOST_PIXELS:
            return ()
        kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
        codes = zxingcpp.read_barcodes(_grey(image), formats=kinds)
    return tuple(code.text for code in codes)


def _grey(image: Any) -> Any:
    """The picture small and without colours; what is transparent is white, as on the screen."""
    from PIL import Image

    image.draft("L", (_SIDE, _SIDE))
    image.thumbnail((_SIDE, _SIDE))
    if not image.has_transparency_data:
        return image.convert("L")
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("L")
