"""What a change of the contract breaks for a caller written against the older document.

A caller may rely on everything that was promised of answers, and may send everything that was permitted in questions.
So answers may only gain (members, and values of open lists as `OPEN_LISTS` says), and questions may only be read more
generously. Prose, titles and examples may change at will.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Document = Mapping[str, Any]

OPEN_LISTS = ("code", "reason", "why_not", "slug")
"""Members of answers whose lists of values may grow, since callers are told to expect codes that they do not know."""

_NARROWER_IF_HIGHER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_NARROWER_IF_LOWER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def breaks(old: Document, new: Document) -> list[str]:
    """Every incompatibility, each with its place, in order of the older document."""
    return list(_of_paths(old, new))


def _of_paths(old: Document, new: Document) -> Iterator[str]:
    for path, operations in old["paths"].items():
        for method, before in operations.items():
            place = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{place}: gone"
                continue
            if after.get("operationId") != before.get("operationId"):
                yield f"{place}: its operationId changed, by which generated clients call it"
            yield from _of_security(place, before, after, old, new)
            yield from _of_parameters(place, before, after, old, new)
            yield from _of_request(place, before.get("requestBody"), after.get("requestBody"), old, new)
            yield from _of_responses(place, before["responses"], after["responses"], old, new)


def _of_security(place: str, before: Schema, after: Schema, old: Document, new: Document) -> Iterator[str]:
    """Each way of showing who one is (nobody, if nothing is said) must still be enough."""
    was, now = (said.get("security", whole.get("security")) or [{}] for said, whole in ((before, old), (after, new)))
    for shown in was:
        if not any(all(set(asked[key]) <= set(shown.get(key, [])) and key in shown for key in asked) for asked in now):
            yield f"{place}: security: {', '.join(shown) or 'nothing'} is no longer enough"


def _written_as(parameter: Schema) -> tuple[str, bool]:
    """How lists and objects are written in it (OpenAPI 3.1, 4.8.12): style and explode."""
    style = parameter.get("style", "form" if parameter["in"] in ("query", "cookie") else "simple")
    return style, parameter.get("explode", style == "form")


def _of_parameters(place: str, before: Schema, after: Schema, old: Document, new: Document) -> Iterator[str]:
    def by_name(operation: Schema) -> dict[tuple[str, str], Schema]:
        return {(each["in"], each["name"]): each for each in operation.get("parameters", [])}

    was, now = by_name(before), by_name(after)
    for key, parameter in was.items():
        where = f"{place}: parameter {key[1]}"
        if key not in now:
            yield f"{where}: gone"
            continue
        if now[key].get("required", False) and not parameter.get("required", False):
            yield f"{where}: now required"
        if _written_as(now[key]) != _written_as(parameter):
            yield f"{where}: written in another style"
        yield from _asked(where, parameter.get("schema", {}), now[key].get("schema", {}), old, new)
    for key in now.keys() - was.keys():
        if now[key].get("required", False):
            yield f"{place}: parameter {key[1]}: new and required"


def _of_request(place: str, before: Schema | None, after: Schema | None, old: Document, new: Document) -> Iterator[str]:
    if before is None:
        if after is not None and after.get("required", False):
            yield f"{place}: a body is now required"
        return
    for media_type, content in before["content"].items():
        where = f"{place}: body"
        if after is None or media_type not in after["content"]:
            yield f"{where}: {media_type} is no longer read"
            continue
        yield from _asked(where, content.get("schema", {}), after["content"][media_type].get("schema", {}), old, new)


def _of_responses(place: str, before: Schema, after: Schema, old: Document, new: Document) -> Iterator[str]:
    for status in after.keys() - before.keys():
        if status.startswith("2"):
            yield f"{place}: {status}: a success that callers do not know"
    for status, response in before.items():
        if status not in after:
            # A refusal that can no longer happen harms nobody.
            if status.startswith("2"):
                yield f"{place}: {status}: gone"
            continue
        for media_type, content in response.get("content", {}).items():
            where = f"{place}: {status}"
            following = after[status].get("content", {}).get(media_type)
            if following is None:
                yield f"{where}: {media_type}: gone"
                continue
            yield from _answered(where, content.get("schema", {}), following.get("schema", {}), old, new)


def _resolved(schema: Schema, document: Document) -> Schema:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _name(schema: Schema) -> str | None:
    return schema.get("$ref")


def _choices(schema: Schema, document: Document) -> list[Schema]:
    """The forms that a value may take, one for a plain schema; a list of types is one form a type."""
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [each for choice in schema[word] for each in _choices(_resolved(choice, document), document)]
    kinds = schema.get("type")
    return [{**schema, "type": kind} for kind in kinds] if isinstance(kinds, list) else [schema]


def _answered(
    place: str, before: Schema, after: Schema, old: Document, new: Document, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """A value of the new schema must be one that the old schema led a caller to expect."""
    yield from _narrower(place, after, before, new, old, seen, answer=True)


def _asked(
    place: str, before: Schema, after: Schema, old: Document, new: Document, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """A value that the old schema permitted must still be permitted by the new one."""
    yield from _narrower(place, before, after, old, new, seen, answer=False)


def _narrower(
    place: str,
    given: Schema,
    taken: Schema,
    giver: Document,
    taker: Document,
    seen: frozenset[str],
    answer: bool,
) -> Iterator[str]:
    """Where a value of `given` might not be taken by `taken`. In an answer, the caller is the taker."""
    key = f"{_name(given)}>{_name(taken)}"
    if _name(given) and _name(taken):
        if key in seen:
            return
        seen |= {key}
    forms = _choices(_resolved(given, giver), giver)
    takers = _choices(_resolved(taken, taker), taker)
    for form in forms:
        found = [list(_of_form(place, form, other, giver, taker, seen, answer)) for other in takers]
        if found and all(found):
            yield from min(found, key=len)


def _of_form(
    place: str, given: Schema, taken: Schema, giver: Document, taker: Document, seen: frozenset[str], answer: bool
) -> Iterator[str]:
    if not taken:
        return
    kind = given.get("type")
    if "type" in taken and kind != taken["type"] and (kind, taken["type"]) != ("integer", "number"):
        yield f"{place}: {kind or 'anything'} where {taken['type']} is expected"
        return
    yield from _of_values(place, given, taken, answer)
    if kind == "object":
        yield from _of_members(place, given, taken, giver, taker, seen, answer)
    if kind == "array" and "items" in taken:
        yield from _narrower(f"{place}[]", given.get("items", {}), taken["items"], giver, taker, seen, answer)


def _of_values(place: str, given: Schema, taken: Schema, answer: bool) -> Iterator[str]:
    listed = [taken["const"]] if "const" in taken else taken.get("enum")
    if listed is not None:
        values = [given["const"]] if "const" in given else given.get("enum")
        if values is None:
            yield f"{place}: any value where one of a list is expected"
        elif not (answer and place.rpartition("/")[2].removesuffix("[]") in OPEN_LISTS):
            for value in values:
                if value not in listed:
                    yield f"{place}: {value!r} is not on the list"
    for word in ("pattern", "format"):
        if word in taken and taken[word] != given.get(word):
            yield f"{place}: {word} {given.get(word)!r} where {taken[word]!r} is expected"
    for word in _NARROWER_IF_HIGHER:
        if word in taken and (word not in given or given[word] < taken[word]):
            yield f"{place}: {word} is {taken[word]} for whoever reads it, {given.get(word)} for whoever writes it"
    for word in _NARROWER_IF_LOWER:
        if word in taken and (word not in given or given[word] > taken[word]):
            yield f"{place}: {word} is {taken[word]} for whoever reads it, {given.get(word)} for whoever writes it"


def _of_members(
    place: str, given: Schema, taken: Schema, giver: Document, taker: Document, seen: frozenset[str], answer: bool
) -> Iterator[str]:
    written, read = given.get("properties", {}), taken.get("properties", {})
    for name in taken.get("required", []):
        if name not in given.get("required", []):
            yield f"{place}/{name}: not always there, though it is expected"
    for name in read.keys() - written.keys() if answer else ():
        yield f"{place}/{name}: gone"
    others = taken.get("additionalProperties", True)
    for name, schema in written.items():
        if name in read:
            yield from _narrower(f"{place}/{name}", schema, read[name], giver, taker, seen, answer)
        elif others is False:
            yield f"{place}/{name}: not read"
        elif others is not True:
            yield from _narrower(f"{place}/{name}", schema, others, giver, taker, seen, answer)
    more = given.get("additionalProperties", True)
    if more is False or others is True:
        return
    if others is False:
        yield f"{place}: members of any name are not read"
    else:
        yield from _narrower(f"{place}/*", {} if more is True else more, others, giver, taker, seen, answer)
