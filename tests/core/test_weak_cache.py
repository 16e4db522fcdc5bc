"""Results that are kept for as long as their arguments live."""

import gc
import weakref
from collections import namedtuple
from dataclasses import dataclass

from spectracnn.core.weak_cache import weak_cache


@dataclass(frozen=True, eq=False)
class Thing:
    """Counts by its identity."""

    value: int


Pair = namedtuple("Pair", "name thing")


def make(maxsize=4):
    calls = []

    @weak_cache(maxsize)
    def doubled(thing, factor=2):
        calls.append(factor)
        return [_value(thing) * factor]

    return doubled, calls


def _value(thing):
    return (
        sum(map(_value, thing)) if isinstance(thing, list | tuple) else getattr(thing, "value", 0)
    )


def test_the_identical_result_for_the_same_arguments():
    doubled, calls = make()
    thing, twin = Thing(3), Thing(3)
    assert doubled(thing) is doubled(thing)
    assert doubled(thing) is not doubled(twin)
    assert doubled(thing, factor=3) == [9]
    assert calls == [2, 2, 3]


def test_arguments_that_compare_by_value_do_so():
    doubled, calls = make()
    assert doubled(None, 1.5) is doubled(None, 3 / 2)
    assert doubled(
        None,
        (1, "a"),
    ) is doubled(None, (1, "a"))
    assert len(calls) == 2


def test_a_result_goes_with_any_of_its_arguments():
    doubled, _ = make()
    first, second = Thing(1), Thing(2)
    doubled((Pair("a", first), Pair("b", second)))
    doubled(second)
    assert len(doubled.cache) == 2
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None
    assert len(doubled.cache) == 1
    del second
    gc.collect()
    assert len(doubled.cache) == 0
    assert not doubled.cache._keys


def test_equal_tuples_of_the_same_things_are_one():
    doubled, calls = make()
    thing = Thing(1)
    assert doubled((Pair("a", thing),)) is doubled((Pair("a", thing),))
    assert calls == [2]


def test_the_one_that_was_not_asked_for_longest_goes_first():
    doubled, calls = make(maxsize=2)
    things = [Thing(n) for n in range(3)]
    doubled(things[0])
    doubled(things[1])
    doubled(things[0])
    doubled(things[2])
    doubled(things[0])
    assert len(calls) == 3
    doubled(things[1])
    assert len(calls) == 4
    del things
    gc.collect()
    assert not doubled.cache._keys


def test_a_new_object_at_an_old_address_is_another():
    doubled, _ = make(maxsize=1000)
    for number in range(200):
        assert doubled(Thing(number)) == [2 * number]
    gc.collect()
    assert len(doubled.cache) == 0
