"""Reading text takes steps in proportion to its length, whatever it holds.

Operations are counted, not seconds: those of every regular expression by a matcher of our own, and
the characters that are looked through for line numbers.
"""

import re
from importlib import import_module
from itertools import product
from pkgutil import iter_modules

import pytest
from regex_steps import Matcher, TooManyStepsError

from spectracnn import io
from spectracnn.errors import FileFormatError
from spectracnn.io.grid import _split_brackets

pytestmark = pytest.mark.slow

BEFORE = ("", "#", "np.float64(", "array([", "Left-a", "v 1", "solid\nfacet", "# x\n", "1", "ev")
PUMPS = (" ", "\n", "a", "1", "(", "[", "1,", "# \n", "np.float64(", "_Right-", "v 1 1 1\n",
         "facet ", "-", "1.", " #", ", ")  # fmt: skip
AFTER = ("", "x")
WHOLE = {
    "_WHOLE_PAIR",
    "_DECIMAL_COMMA",
    "_FORTRAN",
    "_PLAIN",
    "_PART",
    "_PLAIN_TYPE",
    "_BEHIND",
    "_BEFORE",
}
"""Of these only a match from the first character on is asked for."""


def patterns():
    """Every regular expression of the modules that look at text from files."""
    found = {}
    for package in ("spectracnn.io", "spectracnn.core"):
        for info in iter_modules(import_module(package).__path__):
            module = import_module(f"{package}.{info.name}")
            stack = [(f"{info.name}.{key}", value) for key, value in vars(module).items()]
            while stack:
                name, value = stack.pop()
                if isinstance(value, re.Pattern):
                    found[value] = name
                elif isinstance(value, tuple):
                    stack += [(name, item) for item in value]
    return found


def steps(pattern, before, pump, after, count, whole=False):
    text = before + pump * count + after
    matcher = Matcher(pattern, starts=1 if whole else None)
    matcher.search(text.encode() if isinstance(pattern.pattern, bytes) else text)
    return matcher.steps / max(len(text), 1)


@pytest.mark.parametrize(("pattern", "name"), patterns().items(), ids=patterns().values())
def test_no_expression_backtracks_more_than_its_text_is_long(pattern, name):
    whole = name.rpartition(".")[2] in WHOLE
    for before, pump, after in product(BEFORE, PUMPS, AFTER):
        try:
            few = steps(pattern, before, pump, after, 10, whole)
            many = steps(pattern, before, pump, after, 40, whole)
        except (TooManyStepsError, RecursionError):
            pytest.fail(f"{name} on {before!r} + {pump!r} * n + {after!r}")
        # Per character: linear stays, quadratic is four times as much.
        assert many < 2 * few + 8, f"{name} on {before!r} + {pump!r} * n + {after!r}"


@pytest.mark.parametrize("bad", [r"\(\s*([^()]*?)\s*\)", r"\A\s*(?:a)?\s*[\[{(]", r"^a+a+b"])
def test_the_count_sees_what_is_not_linear(bad):
    pattern = re.compile(bad)
    before = "(" if bad[1] == "(" else ""
    pump = " " if "s*" in bad else "a"
    assert steps(pattern, before, pump, "x", 60) > 2 * steps(pattern, before, pump, "x", 15) + 8


class Counted(str):
    """Text that counts how many of its characters were looked through."""

    looked = 0

    def count(self, part, start=0, end=None):
        end = len(self) if end is None else end
        Counted.looked += end - start
        return super().count(part, start, end)


def test_line_numbers_of_an_array_are_counted_once():
    def looked(rows):
        Counted.looked = 0
        grid = _split_brackets(Counted("[" + "\n ".join("[0. 1.5 2.5]" for _ in range(rows)) + "]"))
        assert grid.lines == list(range(1, rows + 1))
        return Counted.looked

    assert looked(400) < 2.2 * looked(200)


def test_the_texts_that_froze_the_window_are_read(tmp_path):
    found = io.read_text("\n" * 60000 + "#" + " " * 4998 + "x\n" + "\n" * 5000 + "1")
    assert found.spectra[0].eigenvalues.tolist() == [1.0]
    with pytest.raises(FileFormatError):
        io.read_text("np.float64(" + " " * 5000)
    assert io.read_text("[np.float64( 1.5 ), np.float64(2.5)]").spectra[0].eigenvalues[1] == 2.5
