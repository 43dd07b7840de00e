"""TOML text to plain data: the one door, so that whatever is no TOML is told in one way, with its place first."""

import re
import tomllib
from collections.abc import Mapping

from rules.errors import Fault, MalformedDocument, printable

MOST_PARTS = 32
_LONGEST = 200
# More parts in one key than any document here has. Anywhere in the text, so that it need not be read to be judged.
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")
_PLACED = re.compile(r"(.*) \(at (line [0-9]+, column [0-9]+|end of document)\)", re.DOTALL)


def read_toml(text: str, source: str) -> Mapping[str, object]:
    """The table that a TOML 1.0 text holds; MalformedDocument, naming `source`, for any other text.

    >>> read_toml("a = [1]", "t.toml")
    {'a': [1]}
    """
    if _DEEP_KEY.search(text):
        # The reader needs time and memory by the square of the parts: 16 KB of `a.a.a = 1` take it a second.
        found = "a dotted key of more"
        raise MalformedDocument(source, [Fault("", "too-deep", f"at most {MOST_PARTS} parts in a key", found)])
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        found = "tables or lists nested deeper than can be read"
        raise MalformedDocument(source, [Fault("", "toml-syntax", "TOML 1.0", found)]) from error
    except ValueError as error:
        # TOMLDecodeError is a ValueError, and so is a number of more digits than Python reads.
        raise MalformedDocument(source, [Fault("", "toml-syntax", "TOML 1.0", _found(str(error)))]) from error


def _found(message: str) -> str:
    """The message with its place first, so that cutting a long one loses no place."""
    match = _PLACED.fullmatch(message)
    told = message if match is None else f"at {match[2]}: {match[1]}"
    return printable(told, _LONGEST)
