"""Salted digests: they tell that something is the same, and nothing else."""

from hashlib import blake2b
from json.encoder import encode_basestring_ascii


def digest(salt: str, *parts: str) -> str:
    """A fixed-length name for these parts, different in every database."""
    # A list in JSON: it escapes what cannot be encoded and keeps the parts apart.
    words = f"[{', '.join(map(encode_basestring_ascii, parts))}]"
    return blake2b(words.encode(), key=salt.encode(), digest_size=16).hexdigest()
