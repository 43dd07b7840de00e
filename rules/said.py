"""What is said of a vehicle while it is read: facts with their sources, claims, and every fault found on the way."""

from collections.abc import Mapping

from rules.codes import CodeList, UnknownWord
from rules.errors import FactFault
from rules.facts import Known, Source
from rules.fields import shown

MOST_WORDS = 50


class Reader:
    """Collects facts and faults while the fields are read one by one."""

    def __init__(self, said: Mapping[str, object]) -> None:
        self.said = said
        self.faults: list[FactFault] = []
        self.facts: dict[str, Known] = {}
        self.sources: dict[str, Source] = {}
        self.claims: dict[str, frozenset[str]] = {}

    def fault(self, field: str, code: str, zh: str, en: str, found: object = None, **more: object) -> None:
        known = more.get("known", ())
        nearest = more.get("nearest")
        self.faults.append(
            FactFault(
                (field,),
                code,
                zh,
                en,
                known if isinstance(known, tuple) else (),
                nearest if isinstance(nearest, str) else None,
                found if found is None or isinstance(found, str) else shown(found),
            )
        )

    def wrong_type(self, field: str, zh: str, en: str, found: object) -> None:
        self.fault(field, "wrong-type", f"应为{zh}", f"expected {en}", found)

    def learn(self, fact: str, value: Known, field: str, how: str = "declared") -> None:
        """Take a fact from a field; two fields that say different things of one fact are a contradiction."""
        before = self.facts.get(fact)
        if isinstance(before, frozenset) and isinstance(value, frozenset):
            met = before & value
            if not met:
                self.contradiction(self.origin(fact), field)
                return
            self.facts[fact] = met
            # What was declared outright outranks what the same fact was derived from.
            if how == "declared":
                self.sources[fact] = Source("declared")
            return
        self.facts[fact] = value
        self.sources[fact] = Source("declared") if how == "declared" else Source("derived", field)

    def origin(self, fact: str) -> str:
        """The field that said a fact: itself, or the one that it was derived from."""
        source = self.sources.get(fact)
        return source.origin if source is not None and source.origin is not None else fact

    def contradiction(self, *fields: str) -> None:
        named = tuple(dict.fromkeys(fields))
        self.faults.append(
            FactFault(
                named,
                "inconsistent-vehicle",
                f"以下各项互相矛盾:{'、'.join(named)}",
                f"these contradict each other: {', '.join(named)}",
            )
        )

    def word(self, field: str, code_list: CodeList, said: object) -> str | None:
        if not isinstance(said, str):
            self.wrong_type(field, "文字代码", "a code as text", said)
            return None
        try:
            return code_list.read(said)
        except UnknownWord as unknown:
            hint_zh = f",最接近的是 {unknown.nearest}" if unknown.nearest else ""
            hint_en = f"; the nearest is {unknown.nearest}" if unknown.nearest else ""
            self.fault(
                field,
                "unknown-code",
                f"未知代码,可用:{'、'.join(unknown.known)}{hint_zh}",
                f"unknown code; known are {', '.join(unknown.known)}{hint_en}",
                said,
                known=unknown.known,
                nearest=unknown.nearest,
            )
            return None

    def words(self, field: str, code_list: CodeList, said: object) -> frozenset[str] | None:
        """One code or a list of codes."""
        many = said if isinstance(said, list | tuple) else [said]
        if len(many) > MOST_WORDS:
            self.fault(field, "too-many", f"至多{MOST_WORDS}项", f"at most {MOST_WORDS} items")
            return None
        read = [
            self.word(f"{field}/{number}" if isinstance(said, list | tuple) else field, code_list, each)
            for number, each in enumerate(many)
        ]
        return frozenset(code for code in read if code is not None) if None not in read else None
