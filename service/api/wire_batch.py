"""Many questions on the wire, and their answers."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from service.api.problems import Flaw, Refused
from service.api.wire_ask import AskIn, Ref, Wire, ask_flaws
from service.api.wire_decision import DecisionOut, Out, ProblemOut
from service.api.wire_schema import DocumentedAs

MOST_QUESTIONS = 1_000

_Questions = Annotated[list[AskIn], Field(min_length=1, max_length=MOST_QUESTIONS)]
_REF: TypeAdapter[str] = TypeAdapter(Ref)


class BatchIn(Wire):
    """许多问题 / many questions: each is answered by itself, in order."""

    questions: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST_QUESTIONS, description="1至1000个问题 / 1 to 1,000 questions"),
        DocumentedAs(_Questions),
    ]


class AnsweredOut(Out):
    """A question that was answered."""

    index: Annotated[int, Field(description="its place among the questions, from 0")]
    ref: Annotated[str | None, Field(description="the question's own mark")]
    decision: DecisionOut


class RefusedOut(Out):
    """A question that could not be answered: the problem that it would have got alone, its pointers its own."""

    index: Annotated[int, Field(description="its place among the questions, from 0")]
    ref: Annotated[str | None, Field(description="the question's own mark, null where that cannot be read")]
    problem: ProblemOut


class BatchOut(Out):
    """An answer for each question, in the order of the questions."""

    answers: list[AnsweredOut | RefusedOut]


def read_questions(said: Mapping[str, object]) -> list[object]:
    """The questions in a body, themselves unread; Refused if there are none or too many of them."""
    try:
        return BatchIn.model_validate(said).questions
    except ValidationError as error:
        raise Refused("invalid-question", ask_flaws(error, said, BatchIn)) from None


def ref_of(question: object) -> str | None:
    """The mark of a question that may be unreadable otherwise; None where it is none."""
    try:
        return _REF.validate_python(question.get("ref"), strict=True) if isinstance(question, Mapping) else None
    except ValidationError:
        return None


def as_object(question: object) -> Mapping[str, object]:
    """The question as an object; Refused if it is none."""
    if not isinstance(question, Mapping):
        raise Refused("invalid-question", [Flaw(("",), "wrong-type", "应为对象", "expected an object")])
    return question
