"""Which characters act instead of showing: they could steer a terminal or a viewer, or hide in a text."""

from __future__ import annotations

import re
from functools import cache

_JOINED = (
    "\u0620-\u065f\u066e-\u06dc\u06df-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff"  # Persian to Sinhala
    "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"  # emoji
)
"""What joiners belong between: letters that are written otherwise with one, and the parts of an emoji."""

_JOINER = f"[\u200c\u200d](?![{_JOINED}])|(?<![{_JOINED}])[\u200c\u200d]"
_ACTING = (
    f"{_JOINER}|"
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 but the line feed, DEL, C1
    "\u00ad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u2060-\u206f\ufeff\ufff9-\ufffb"  # no width, marks of direction
    "\u2028-\u202e"  # line and paragraph separators, bidi embeddings and overrides
    "\u0600-\u0605\u06dd\u070f\u0890-\u0891\u08e2"  # the other format characters
    "\ud800-\udfff"  # lone surrogates
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


@cache
def acting() -> re.Pattern[str]:
    """One character that must not be written as it is, whoever wrote it. Compiled when first needed: it takes 5 ms."""
    return re.compile(_ACTING)


def in_json(written: str) -> str:
    """A JSON text, as the json module writes it without `ensure_ascii`, with its acting characters as JSON's escapes.

    It means the same to every reader. The module escapes no more than the first 32.
    """
    if written.isascii() and "\x7f" not in written:
        return written
    import json  # whoever wrote the text has it already

    return acting().sub(lambda found: json.dumps(found[0])[1:-1], written)
