"""Plain data as TOML."""

import json
from datetime import date, time


def toml(value: object) -> str:
    """The value as TOML, inline tables throughout; what TOML cannot say comes out as TOML that is refused."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _quoted(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def toml_file(document: dict[str, object]) -> str:
    """The document as a file: one key of it a line."""
    return "".join(f"{_key(key)} = {toml(value)}\n" for key, value in document.items())


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _quoted(key)


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's; DEL alone JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
