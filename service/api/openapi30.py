"""The same contract in OpenAPI 3.0.3, for tools that do not read 3.1.

Only the dialect of its schemas differs: 3.1 speaks JSON Schema 2020-12, 3.0.3 a dialect of its own (OpenAPI 3.0.3,
section 4.7.24). What 3.0.3 has a word for is put in that word; what it has none for is left out, so that its document
permits at least what the other does. Which keywords may be left out is listed, so that a new one is not lost unseen.
"""

from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]

VERSION = "3.0.3"
OPENAPI_30 = "application/vnd.oai.openapi+json;version=3.0"
"""The media type by which map programs look for it (OGC 17-069r4, section 9.2)."""

_ALIKE = frozenset(
    {
        *("title", "description", "type", "format", "enum", "default", "pattern", "required", "discriminator"),
        *("minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
        *("minProperties", "maxProperties", "deprecated", "readOnly", "writeOnly", "nullable", "externalDocs"),
    }
)
_LEFT_OUT = frozenset({"$schema", "$id", "$comment", "propertyNames", "patternProperties", "if", "then", "else"})
_NULL = {"type": "null"}
_ONLY_NULL = {"type": "object", "nullable": True, "enum": [None]}


class NotInThisVersion(Exception):
    """A keyword that OpenAPI 3.0.3 has no word for, and that nobody has decided to leave out."""


def in_version_30(document: Mapping[str, Any]) -> Document:
    """The OpenAPI 3.1 document as 3.0.3, nothing shared with it; NotInThisVersion for an unknown schema keyword."""
    written: Document = {**_copied(document, _schemas_inside), "openapi": VERSION}
    written.pop("jsonSchemaDialect", None)
    return written


def _copied(value: Any, inside: Callable[[str, Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: inside(key, each) for key, each in value.items()}
    return [_copied(each, inside) for each in value] if isinstance(value, list) else value


def _schemas_inside(key: str, value: Any) -> Any:
    """A part of a document that is no schema, with the schemas in it rewritten. Examples are data, not schemas."""
    if key in ("example", "examples"):
        return value
    if key == "schema":
        return _schema(value)
    if key == "schemas":
        return {name: _schema(each) for name, each in value.items()}
    return _copied(value, _schemas_inside)


def _schema(schema: Any) -> Document:
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    written: Document = {}
    for key, value in schema.items():
        _put(written, key, value)
    _take_null_apart(written)
    if "$ref" in written and len(written) > 1:
        # A reference of 3.0.3 hides what stands beside it.
        reference = written.pop("$ref")
        written["allOf"] = [{"$ref": reference}, *written.get("allOf", [])]
    return written


def _put(written: Document, key: str, value: Any) -> None:
    if key in _ALIKE or key == "$ref":
        written[key] = value
    elif key == "const":
        written["enum"] = [value]
    elif key == "examples":
        written["example"] = value[0]
    elif key in ("exclusiveMinimum", "exclusiveMaximum"):
        written[key[len("exclusive") :].lower()] = value
        written[key] = True
    elif key in ("properties", "definitions"):
        written[key] = {name: _schema(each) for name, each in value.items()}
    elif key in ("anyOf", "oneOf", "allOf"):
        written[key] = [_schema(each) if each != _NULL else dict(_NULL) for each in value]
    elif key in ("items", "not"):
        written[key] = _schema(value)
    elif key == "additionalProperties":
        written[key] = value if isinstance(value, bool) else _schema(value)
    elif key == "prefixItems":
        # 3.0.3 has one schema for all items of an array.
        written["items"] = {"anyOf": [_schema(each) for each in value]}
    elif key.startswith("x-"):
        written[key] = value
    elif key not in _LEFT_OUT:
        raise NotInThisVersion(key)


def _take_null_apart(written: Document) -> None:
    """`null` is no type in 3.0.3 but a word beside the others."""
    kinds = written.get("type")
    if isinstance(kinds, list):
        others = [kind for kind in kinds if kind != "null"]
        if len(others) < len(kinds):
            written["nullable"] = True
        if len(others) == 1:
            written["type"] = others[0]
        else:
            del written["type"]
            written["anyOf"] = [{"type": kind} for kind in others]
    for word in ("anyOf", "oneOf"):
        choices = written.get(word)
        if choices is None or _NULL not in choices:
            continue
        left = [each for each in choices if each != _NULL]
        if len(left) == 1 and "type" in left[0] and not set(left[0]) & set(written):
            del written[word]
            written.update(left[0], nullable=True)
            if "enum" in written:
                written["enum"] = [*written["enum"], None]
        else:
            # `nullable` adds null to the type that stands beside it and to nothing else, so null is a choice by itself.
            written[word] = [*left, _ONLY_NULL]
