import numpy as np
import pytest

from spectracnn.core.preprocessing import Preprocessing, model_input
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import PreprocessingError


def run(records, values, **fields):
    return Preprocessing.from_json(records).apply(Spectrum("shape", values, **fields))


@pytest.mark.parametrize(
    ("record", "values", "expected"),
    [
        ({"step": "drop_zeros"}, [1e-17, 1, 2], [1, 2]),
        ({"step": "fix_sign"}, [0, -1, -2], [0, 1, 2]),
        ({"step": "fix_sign"}, [-1e-17, 1, 2], [-1e-17, 1, 2]),
        ({"step": "sort"}, [3, 1, 2], [1, 2, 3]),
        ({"step": "take", "n": 2}, [0, 1, 2], [0, 1]),
        ({"step": "unit_area"}, [0, 1, 2], [0, 2, 4]),
        ({"step": "unit_volume"}, [0, 1, 2], [0, 4, 8]),
        ({"step": "divide_by_index", "rule": "lapy"}, [0, 1, 2], [0, 0.5, 2 / 3]),
        ({"step": "divide_by_index", "rule": "mindboggle"}, [0, 1, 3], [0, 1, 1.5]),
        ({"step": "log"}, [1, np.e], [0, 1]),
        ({"step": "subtract_mean"}, [1, 2, 3], [-1, 0, 1]),
        ({"step": "standardise", "mean": [1, 2], "scale": 2.0}, [3, 4], [1, 1]),
    ],
)
def test_each_step(record, values, expected):
    working = run([record], values, area=2.0, volume=8.0)
    np.testing.assert_allclose(working.values, expected, rtol=1e-15)


def test_log_weyl_counts_from_the_first_nonzero():
    k = np.arange(1, 9)
    values = 4 * np.pi * k / 3.0
    for start in ([1e-17], []):
        records = [{"step": "drop_zeros"}, {"step": "log_weyl", "kind": "surface"}]
        working = run(records, [*start, *values], area=3.0)
        np.testing.assert_allclose(working.values, 0, atol=1e-14)


def test_positions_lead_back_to_the_file():
    working = run(
        [{"step": "fix_sign"}, {"step": "sort"}, {"step": "drop_zeros"}, {"step": "take", "n": 2}],
        [-3.0, -2.0, -1.0, -1e-17],
    )
    assert working.values.tolist() == [1, 2]
    assert working.positions.tolist() == [2, 1]
    assert working.mode.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("records", "values", "words"),
    [
        ([{"step": "take", "n": 5}], [0, 1], "needs 5 eigenvalues; 2 are left"),
        ([{"step": "take", "n": 2}], [0, np.nan, 1], "value 1 is nan"),
        ([{"step": "unit_area"}], [0, 1], "surface area; the file gives none"),
        ([{"step": "unit_volume"}], [0, 1], "volume"),
        ([{"step": "log"}], [0, 1], "positive eigenvalues; value 0"),
        ([{"step": "log_weyl"}], [1, 2], "surface area"),
        ([{"step": "log_weyl"}], [1e-9, 2, 3], "put 'drop_zeros' before it"),
        ([{"step": "standardise", "mean": [1, 2, 3]}], [1, 2], "fitted to 3 values"),
        ([{"step": "drop_zeros"}], [0, 0], "no eigenvalue is left after step 'drop_zeros'"),
    ],
)
def test_refusals_of_a_spectrum(records, values, words):
    with pytest.raises(PreprocessingError) as caught:
        run(records, values)
    assert words in caught.value.message
    assert caught.value.message.startswith("shape")


@pytest.mark.parametrize(
    "records",
    [
        "sort", None, [1], [{}], [{"step": 1}], [{"step": "none"}], [{"step": "sort", "n": 1}],
        [{"step": "take", "n": 0}], [{"step": "take", "n": True}], [{"step": "take", "n": "5"}],
        [{"step": "log_weyl", "kind": "x"}], [{"step": "log_weyl", "kind": []}],
        [{"step": "divide_by_index", "rule": []}],
        [{"step": "standardise", "scale": 0}], [{"step": "standardise", "mean": [[1]]}],
        [{"step": "standardise", "mean": None}], [{"step": "standardise", "mean": 10**400}],
        [{"step": "standardise", "mean": {}}],
    ],
)  # fmt: skip
def test_refusals_of_a_record(records):
    with pytest.raises(PreprocessingError):
        Preprocessing.from_json(records)


def test_json_round_trip_and_length():
    records = [
        {"step": "drop_zeros"},
        {"step": "take", "n": 3},
        {"step": "divide_by_index", "rule": "mindboggle"},
        {"step": "standardise", "mean": [0.1, 0.2, 0.3], "scale": 0.7},
    ]
    steps = Preprocessing.from_json(records)
    assert steps.to_json() == records
    assert steps.length == 3
    assert Preprocessing().length is None
    values = model_input(steps, Spectrum("a", [0.0, 1, 2, 3]))
    assert values.shape == (3, 1)
    assert values.dtype == np.float32
    assert len(steps.explain(Spectrum("a", [0.0, 1, 2, 3]))) == 5


def test_a_hole_inside_is_refused_instead_of_closed_up():
    values = np.arange(1.0, 30.0)
    values[7] = np.nan
    steps = Preprocessing.from_json([{"step": "sort"}, {"step": "take", "n": 20}])
    with pytest.raises(PreprocessingError, match="value 7 is nan"):
        steps.apply(Spectrum("holed", values))
    with pytest.raises(PreprocessingError, match="value 21 is not finite and the others"):
        steps.apply(Spectrum("reversed", values[::-1]))


def test_padding_at_the_end_is_left_out():
    values = np.concatenate((np.arange(1.0, 30.0), [np.nan, np.nan]))
    steps = Preprocessing.from_json([{"step": "sort"}, {"step": "take", "n": 20}])
    np.testing.assert_array_equal(steps.apply(Spectrum("padded", values)).values, values[:20])
