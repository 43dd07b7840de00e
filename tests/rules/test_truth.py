"""Yes, no and unknown, as tables."""

from itertools import permutations, product

import pytest

from rules.truth import Truth, agreed, both, either, every, negate, some

Y, N, U = Truth.YES, Truth.NO, Truth.UNKNOWN
WORLDS = {Y: [True], N: [False], U: [True, False]}


def meaning(values: set[bool]) -> Truth:
    return U if len(values) == 2 else Truth.of(values.pop())


@pytest.mark.parametrize(("first", "second"), list(product(Truth, repeat=2)))
def test_both_and_either_are_what_all_worlds_agree_on(first: Truth, second: Truth) -> None:
    worlds = list(product(WORLDS[first], WORLDS[second]))
    assert both(first, second) is meaning({a and b for a, b in worlds})
    assert either(first, second) is meaning({a or b for a, b in worlds})
    assert negate(both(first, second)) is either(negate(first), negate(second))


@pytest.mark.parametrize("values", list(product(Truth, repeat=3)))
def test_many_at_once_in_any_order(values: tuple[Truth, ...]) -> None:
    first, second, third = values
    for order in permutations(values):
        assert every(order) is both(first, both(second, third))
        assert some(order) is either(first, either(second, third))


def test_of_nothing() -> None:
    assert (every([]), some([]), agreed([])) == (Y, N, U)


def test_negation_and_agreement() -> None:
    assert [negate(each) for each in (Y, N, U)] == [N, Y, U]
    assert (agreed([Y, Y]), agreed([N]), agreed([Y, N]), agreed([Y, U]), agreed([U])) == (Y, N, U, U, U)


@pytest.mark.parametrize("value", Truth)
def test_a_truth_is_no_bool(value: Truth) -> None:
    with pytest.raises(TypeError):
        bool(value)


def test_the_first_no_spares_the_rest() -> None:
    def values():
        yield Y
        yield N
        raise AssertionError("asked for more")

    assert every(values()) is N
    assert some(negate(each) for each in values()) is Y
