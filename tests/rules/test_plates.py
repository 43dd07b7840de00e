"""Number plates: every form, every way to write one, and what looks like one and is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.plates import PlateFault, read_plate

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("text", "form", "prefix", "tail", "kinds"),
    [
        ("辽A5K268", "ordinary", "辽A", 8, NONE),
        ("辽A12345", "ordinary", "辽A", 5, NONE),
        ("辽AABCDE", "ordinary", "辽A", None, NONE),
        ("辽B1234A", "ordinary", "辽B", 4, NONE),
        ("京O12345", "ordinary", "京O", 5, NONE),  # the office letter O is used, I is not
        ("辽AD52638", "new_energy_small", "辽A", 8, frozenset({"52"})),
        ("辽AF52638", "new_energy_small", "辽A", 8, frozenset({"52"})),
        ("辽ADA1234", "new_energy_small", "辽A", 4, frozenset({"52"})),
        ("辽AA12345", "new_energy_small", "辽A", 5, frozenset({"52"})),
        ("辽AK12345", "new_energy_small", "辽A", 5, frozenset({"52"})),
        ("辽A12345D", "new_energy_large", "辽A", 5, frozenset({"51"})),
        ("辽A12345F", "new_energy_large", "辽A", 5, frozenset({"51"})),
        ("辽A1234挂", "suffixed", "辽A", 4, frozenset({"15"})),
        ("辽A1234学", "suffixed", "辽A", 4, frozenset({"16"})),
        ("辽A1234警", "suffixed", "辽A", 4, frozenset({"23"})),
        ("粤Z1234港", "suffixed", "粤Z", 4, frozenset({"26"})),
        ("粤Z1234澳", "suffixed", "粤Z", 4, frozenset({"27"})),
        ("沪A1234领", "suffixed", "沪A", 4, frozenset({"04"})),
        ("京A1234应急", "emergency", "京A", 4, NONE),
        ("使014578", "embassy", None, 8, NONE),
        ("014578使", "embassy", None, 8, NONE),
        ("WJ京1234X", "armed_police", None, 4, NONE),
        ("WJ12345", "armed_police", None, 5, NONE),
        ("VA12345", "army", None, 5, NONE),
    ],
)
def test_forms(text: str, form: str, prefix: str | None, tail: int | None, kinds: frozenset[str]) -> None:
    plate = read_plate(text)
    assert (plate.text, plate.form, plate.prefix, plate.tail_digit, plate.kinds) == (text, form, prefix, tail, kinds)
    assert plate.new_energy is form.startswith("new_energy")


@pytest.mark.parametrize(
    "written",
    [
        "辽A5K268",
        "辽a5k268",
        "辽A·5K268",
        "辽A.5K268",
        "辽A-5K268",
        "辽A 5K268",
        " 辽A5K268 ",
        "辽A・5K268",
        "辽A‧5K268",
        "辽A•5K268",
        "辽\uff215\uff2b268",
        "辽\uff41\uff0d5k268",
        "辽A\u30005K268",
        "辽A\uff0e\uff15K268",
    ],
)
def test_ways_to_write_one(written: str) -> None:
    assert read_plate(written).text == "辽A5K268"


REFUSED = {
    "empty": "",
    "only separators": " ·-",
    "too short": "辽A1234",
    "too long": "辽A1234567",
    "very long": "辽A12345" * 10,
    "no province": "B7K913",
    "two provinces": "辽辽A5K268",
    "no office": "辽15K268",
    "office letter I": "辽I5K268",
    "letter O for zero": "辽AO5268",
    "letter I for one": "辽A5I268",
    "new-energy letter of no list": "辽AL52638",
    "new-energy with a letter at the end": "辽AD5263A",
    "zero width space": "辽A5\u200bK268",
    "zero width joiner": "辽A5\u200dK268",
    "byte order mark": "\ufeff辽A5K268",
    "soft hyphen": "辽A\u00ad5K268",
    "right-to-left override": "辽A\u202e5K268",
    "left-to-right mark": "辽A5K268\u200e",
    "variation selector": "辽\ufe00A5K268",
    "ideographic variation": "辽\U000e0100A5K268",
    "combining accent": "辽A\u03015K268",
    "Cyrillic A": "辽\u04105K268",
    "Greek Alpha": "辽\u03915K268",
    "mathematical digit": "辽A5K26\U0001d7d6",
    "mathematical letter": "辽\U0001d4005K268",
    "circled digit": "辽A5K26\u2467",
    "Roman numeral": "辽A5K26\u2167",
    "superscript": "辽A5K26\u2078",
    "Arabic digit": "辽A5K26\u0668",
    "Chinese digit": "辽A5K26八",
    "Kangxi radical": "\u2fa8A5K268",
    "compatibility ideograph": "\uf9c0A5K268",
    "traditional province": "遼A5K268",
    "newline": "辽A5K268\n",
    "tab": "辽A\t5K268",
    "NUL": "辽A5K268\0",
    "emoji": "辽A5K26🚚",
    "sharp s": "辽A5K2ß8",
    "dotless i": "辽Aı5268",
    "dotted I": "辽Aİ5268",
    "long s": "辽A5K26ſ",
    "Kelvin sign": "辽A5\u212a268",
    "lone surrogate": "辽A5K268\ud800",
    "private use": "辽A5K26\ue000",
    "underscore": "辽A_5K268",
    "slash": "辽A/5K268",
    "exclamation mark, full width": "辽A5K268\uff01",
    "like a number": "12345678",
    "in scientific notation": "1e5",
    "negative": "-5",
    "nan": "nan",
    "a word": "truck",
    "SQL": "辽A' OR 1=1",
    "two plates": "辽A5K268辽A5",
    "ending of no list": "辽A1234军",
    "ending in the middle": "辽A12挂34",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plate(name: str) -> None:
    with pytest.raises(PlateFault) as refused:
        read_plate(REFUSED[name])
    fault = refused.value.fault
    assert fault.fields == ("plate",) and fault.code == "invalid-plate"
    # A fault says what is wrong and never repeats what may be somebody's plate.
    written = REFUSED[name].strip()
    assert len(written) < 5 or written not in fault.zh + fault.en


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("", "empty"),
        ("辽A12345" * 10, "too long"),
        ("辽A5\u200bK268", "invisible"),
        ("辽A5K268\n", "invisible"),
        ("辽\u04105K268", "look-alike"),
        ("遼A5K268", "辽"),
        ("辽AO5268", "zero or one"),
        ("辽A5I268", "zero or one"),
        ("辽A1234", "辽A5K268"),
    ],
)
def test_faults_say_what_is_wrong(written: str, word: str) -> None:
    with pytest.raises(PlateFault, match=word):
        read_plate(written)


@given(st.text(max_size=20))
def test_any_text_is_a_plate_or_refused(text: str) -> None:
    try:
        plate = read_plate(text)
    except PlateFault:
        return
    assert read_plate(plate.text) == plate


@given(
    st.sampled_from(PROVINCES),
    st.sampled_from("ABCDEFGHJKLMNOPQRSTUVWXYZ"),
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=5, max_size=5),
)
def test_every_ordinary_plate_is_one(province: str, office: str, places: str) -> None:
    plate = read_plate(f"{province}{office}·{places.lower()}")
    digits = [sign for sign in places if sign.isdigit()]
    assert (plate.form, plate.prefix) == ("ordinary", province + office)
    assert plate.tail_digit == (int(digits[-1]) if digits else None)
