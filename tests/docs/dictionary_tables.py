"""The tables of docs/dictionary.md as the code has them, one function for each."""

from collections.abc import Mapping, Sequence

from rules import codes
from rules.codes import CodeList


def code_table(code_list: CodeList) -> str:
    """One row for each code: the code, every Chinese word that stands for it (the name first), its English name."""
    words: dict[str, list[str]] = {code: [name.zh] for code, name in code_list.names.items()}
    for word, code in code_list.words.items():
        if word not in words[code]:
            words[code].append(word)
    rows = [(f"`{code}`", "、".join(words[code]), code_list.name(code).en) for code in code_list.names]
    return table(("code", "中文", "English"), rows)


def fuel_table() -> str:
    """The fuel letters of the vehicle licence and the energies that each may stand for."""
    rows = [
        (f"`{letter}`", ", ".join(f"`{energy}`" for energy in sorted(energies)))
        for letter, energies in codes.FUEL.items()
    ]
    return table(("letter", "energy"), rows)


def vehicle_type_table() -> str:
    """Each vehicle type once, with what it says of kind, size and body."""
    seen = dict.fromkeys(codes.VEHICLE_TYPES.values())
    rows = [
        (_code(each.code), each.zh, _code(each.kind), _code(each.size), ", ".join(map(_code, sorted(each.bodies))))
        for each in sorted(seen, key=lambda row: (row.code is None, row.code or "", row.zh))
    ]
    return table(("code", "中文", "kind", "size", "body"), rows)


def first_letter_table() -> str:
    """The kind that the first letter of a type code says; H, N and Q are taken only as codes of the table above."""
    rows = [(f"`{letter}`", f"`{kind}`") for letter, kind in codes.FIRST_LETTERS.items() if letter not in "HNQ"]
    return table(("first letter", "kind"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def _code(value: str | None) -> str:
    return "" if value is None else f"`{value}`"


TABLES: Mapping[str, str] = {
    **{subject: code_table(code_list) for subject, code_list in codes.CODE_LISTS.items()},
    "fuel": fuel_table(),
    "vehicle_type": vehicle_type_table(),
    "first letters": first_letter_table(),
}
"""Each table under the first words of its heading."""
