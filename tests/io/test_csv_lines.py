"""Lines of CSV by Arrow, against Python's own writer."""

import csv
import io

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from spectracnn.io.csv_lines import csv_lines

NUMBERS = st.one_of(
    st.none(),
    st.floats(),
    st.floats(-1.0, 1.0),
    st.integers(-(10**18), 10**18).map(float),
    st.floats(-(2.0**80), 2.0**80).map(np.float32).map(float),
)
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\r", codec="utf-8")))
ROWS = st.lists(st.tuples(NUMBERS, TEXTS, st.none() | st.integers(-(2**63), 2**63 - 1), TEXTS))


def by_python(rows):
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


@given(ROWS)
def test_lines_are_those_of_pythons_writer(rows):
    kinds = (pa.float64(), pa.string(), pa.int64(), pa.string())
    columns = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)]
    table = pa.table(dict(zip("abcd", columns, strict=True)))
    assert bytes(csv_lines(table)) == by_python(rows)
    half = len(rows) // 2
    assert bytes(csv_lines(table.slice(half))) == by_python(rows[half:])


def test_numbers_on_both_sides_of_each_limit():
    edges = [
        0.0,
        -0.0,
        1e-4,
        1e-5,
        1e9,
        1e10,
        1e15,
        1e16,
        1.5,
        3.0,
        5e-324,
        1.7e308,
        np.inf,
        -np.inf,
        np.nan,
    ]
    near = [float(np.nextafter(edge, way)) for edge in edges for way in (-np.inf, np.inf)]
    rows = [(number, number) for number in edges + near]
    table = pa.table({name: [row[0] for row in rows] for name in "ab"})
    assert bytes(csv_lines(table)) == by_python(rows)


def test_lists_truths_and_carriage_returns():
    table = pa.table({"a": [[1, 2], None], "b": [True, None], "c": ["x\ry", 'q"q']})
    assert bytes(csv_lines(table)) == b'1 2,True,"x\ry"\n,,"q""q"\n'
    read = pd.read_csv(io.BytesIO(b"a,b,c\n" + csv_lines(table)), lineterminator="\n")
    assert read.c.tolist() == ["x\ry", 'q"q']
