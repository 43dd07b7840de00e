"""Reading query strings strictly: unknown and repeated parameters are refused, and text is UTF-8 or nothing."""

from collections.abc import Collection
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from service.api.problems import Flaw, Refused, pointer

_MOST_PARAMETERS = 200


def read_query(request: Request, once: Collection[str] = (), several: Collection[str] = ()) -> dict[str, list[str]]:
    """The parameters and their values; Refused for one that is not named, or that stands twice and is not `several`."""
    raw: bytes = request.scope["query_string"]
    known = (*once, *several)
    found: dict[str, list[str]] = {}
    flaws: list[Flaw] = []
    parts = [part for part in raw.split(b"&") if part]
    if len(parts) > _MOST_PARAMETERS:
        flaw = Flaw(("/query",), "too-many", f"至多{_MOST_PARAMETERS}个参数", f"at most {_MOST_PARAMETERS} parameters")
        raise Refused("invalid-question", [flaw])
    for part in parts:
        name_bytes, _, value_bytes = part.partition(b"=")
        name, value = _text(name_bytes), _text(value_bytes)
        place = "/query" if name is None else "/query" + pointer(name)
        if name not in known:
            names = f"{'、'.join(known)}" or "无"
            zh, en = f"未知参数,可用:{names}", f"unknown parameter; known are {', '.join(known) or 'none'}"
            flaws.append(Flaw((place,), "unknown-field", zh, en, tuple(known)))
        elif value is None:
            flaws.append(Flaw((place,), "invalid-text", "须为 UTF-8,且不含控制字符", "must be UTF-8 without NUL"))
        elif name in found and name not in several:
            flaws.append(Flaw((place,), "duplicate-key", "参数重复", "the parameter stands twice"))
        else:
            found.setdefault(str(name), []).append(value)
    if flaws:
        raise Refused("invalid-question", flaws)
    return found


def _text(raw: bytes) -> str | None:
    """What percent encoding stands for, a plus sign being a space; None for what is not UTF-8 or holds NUL."""
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
