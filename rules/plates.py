"""Number plates of mainland China (GA 36-2018): reading one, and what follows from its form alone.

>>> read_plate("辽a·D5２638").text
'辽AD52638'
>>> read_plate("辽B1234A").tail_digit
4
"""

import re
import unicodedata
from dataclasses import dataclass

from rules.errors import FactFault

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_OFFICE = "[A-HJ-Z]"
_PLACE = "[A-HJ-NP-Z0-9]"
_NEW_ENERGY_LETTER = "[DABCEFGHJK]"
_SEPARATORS = " .-·・‧•－．　"
_LONGEST = 16

_NEW_ENERGY_KINDS = frozenset({"51", "52"})
_SUFFIX_KINDS = {"挂": "15", "学": "16", "警": "23", "领": "04", "港": "26", "澳": "27"}

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        ("ordinary", f"[{PROVINCES}]{_OFFICE}{_PLACE}{{5}}"),
        ("suffixed", f"[{PROVINCES}]{_OFFICE}{_PLACE}{{4}}[挂学警港澳领]"),
        ("emergency", f"[{PROVINCES}]{_OFFICE}{_PLACE}{{4}}应急"),
        ("new_energy_small", f"[{PROVINCES}]{_OFFICE}{_NEW_ENERGY_LETTER}{_PLACE}[0-9]{{4}}"),
        ("new_energy_large", f"[{PROVINCES}]{_OFFICE}[0-9]{{5}}{_NEW_ENERGY_LETTER}"),
        ("embassy", "使[0-9]{6}|[0-9]{6}使"),
        ("armed_police", f"WJ[{PROVINCES}]?[0-9]{{4}}[0-9A-HJ-NP-Z]"),
        ("army", "[A-HJ-NP-Z]{2}[0-9]{5}"),
    )
)

_TRADITIONAL = {
    "遼": "辽",
    "滬": "沪",
    "雲": "云",
    "魯": "鲁",
    "蘇": "苏",
    "贛": "赣",
    "貴": "贵",
    "陝": "陕",
    "閩": "闽",
}


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate in its one normal form. `kinds` are the GA/T 16.7 codes its form allows; empty: it tells none.

    `prefix` is province and office (辽A), None where the form has none; `tail_digit` is the last Arabic digit, letters
    skipped, as the tail-number notices of Dalian, Chengdu and Xi'an count it.
    """

    text: str
    form: str
    prefix: str | None
    tail_digit: int | None
    new_energy: bool
    kinds: frozenset[str]


def read_plate(written: str) -> Plate:
    """The plate, separators dropped, full width and lower case folded; PlateFault for anything else.

    Only the full-width ASCII block is folded: general compatibility folding would turn circled digits, Roman numerals
    and Kangxi radicals into plates that nobody wrote.
    """
    if len(written) > _LONGEST:
        raise PlateFault(_fault("号牌过长", "the plate is too long"))
    letters = []
    for sign in written:
        if sign in _SEPARATORS:
            continue
        if "！" <= sign <= "～":
            sign = chr(ord(sign) - 0xFEE0)
        letters.append(sign.upper() if sign.isascii() else sign)
    text = "".join(letters)
    _refuse_strange(text)
    for form, pattern in _FORMS:
        if pattern.fullmatch(text):
            return _plate(text, form)
    if "O" in text[2:] or "I" in text[1:]:
        raise PlateFault(
            _fault(
                "号牌序号不用字母O和I,请核对是否为数字0或1",
                "plates use no letter O or I here; zero or one was probably meant",
            )
        )
    raise PlateFault(
        _fault("不是机动车号牌,例如 辽A5K268、辽AD52638", "not a number plate; for example 辽A5K268 or 辽AD52638")
    )


class PlateFault(ValueError):
    """What was written is no plate; `fault` says why, never repeating it."""

    def __init__(self, fault: FactFault) -> None:
        self.fault = fault
        super().__init__(fault.en)


def _fault(zh: str, en: str) -> FactFault:
    return FactFault(("plate",), "invalid-plate", zh, en)


def _refuse_strange(text: str) -> None:
    if not text:
        raise PlateFault(_fault("号牌为空", "the plate is empty"))
    for sign in text:
        if sign.isascii() and sign.isalnum():
            continue
        if sign in _TRADITIONAL:
            raise PlateFault(
                _fault(
                    f"号牌用简体省份简称「{_TRADITIONAL[sign]}」",
                    f"plates use the simplified form {_TRADITIONAL[sign]}",
                )
            )
        if unicodedata.category(sign) in ("Cf", "Cc", "Mn", "Me", "Zl", "Zp", "Cs", "Co", "Cn"):
            raise PlateFault(
                _fault("号牌含有不可见或控制字符", "the plate holds an invisible or control character; type it afresh")
            )
        if sign not in PROVINCES and sign not in "挂学警港澳领使应急":
            raise PlateFault(
                _fault(
                    "号牌含有形似字符或不用于号牌的字符",
                    "the plate holds a look-alike or a character plates do not use",
                )
            )


def _plate(text: str, form: str) -> Plate:
    new_energy = form.startswith("new_energy")
    kinds: frozenset[str] = frozenset()
    if form == "new_energy_small":
        kinds = frozenset({"52"})
    elif form == "new_energy_large":
        kinds = frozenset({"51"})
    elif form == "suffixed":
        kinds = frozenset({_SUFFIX_KINDS[text[-1]]})
    digits = [int(sign) for sign in text if sign in "0123456789"]
    return Plate(
        text=text,
        form=form,
        prefix=text[:2] if text[0] in PROVINCES else None,
        tail_digit=digits[-1] if digits else None,
        new_energy=new_energy,
        kinds=kinds,
    )
