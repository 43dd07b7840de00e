"""How the models of the wire are written into the OpenAPI document."""

from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue


class QuestionSchema(GenerateJsonSchema):
    """A field that may be left out must not be null: unknown is said by leaving it out."""

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        written = super().default_schema(schema)
        return {key: value for key, value in written.items() if (key, value) != ("default", None)}


@dataclass(frozen=True, slots=True)
class DocumentedAs:
    """Marks a field that is documented by a model, or another type made of models, but read elsewhere."""

    shape: Any

    def __get_pydantic_json_schema__(self, _: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(TypeAdapter(self.shape).core_schema)
