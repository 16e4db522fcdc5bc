"""Spectra preprocessed together are equal, to the last bit, to those preprocessed one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import PreprocessingError

STEPS = st.sampled_from(
    [
        {"step": "drop_zeros"},
        {"step": "fix_sign"},
        {"step": "sort"},
        {"step": "take", "n": 1},
        {"step": "take", "n": 7},
        {"step": "take", "n": 30},
        {"step": "unit_area"},
        {"step": "unit_volume"},
        {"step": "divide_by_index", "rule": "lapy"},
        {"step": "divide_by_index", "rule": "mindboggle"},
        {"step": "log"},
        {"step": "log_weyl", "kind": "surface"},
        {"step": "log_weyl", "kind": "solid"},
        {"step": "subtract_mean"},
        {"step": "standardise", "mean": 0.3, "scale": 1.7},
        {"step": "standardise", "mean": [0.1] * 7, "scale": 3.0},
    ]
)
SIZES = st.sampled_from([None, 1.7, 0.31, 0.0, -1.0, float("inf")])
# Growing, turned, with zeros of either sign, not in order, with holes, all zero.
SHAPES = st.sampled_from(["grows", "turned", "zeros", "mixed", "nan", "infinite", "nothing"])


def values_of(shape: str, length: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    values = np.sort(random.uniform(0.5, 40, length))
    if shape == "turned":
        values = -values
    if shape == "zeros":
        values[: length // 4 + 1] = [0.0, -1e-15, 1e-15, -0.0, *[0.0] * length][: length // 4 + 1]
    if shape == "mixed":
        random.shuffle(values)
    if shape == "nan":
        values[length // 2 :] = [np.nan, *values[length // 2 + 1 :]]
        values[0] = 0.0
    if shape == "infinite":
        values[-1], values[0] = np.inf, 0.0
    if shape == "nothing":
        values[:] = 0.0
    return values


@st.composite
def spectra(draw: Any) -> list[Spectrum]:
    found = []
    for number in range(draw(st.integers(1, 9))):
        length = draw(st.sampled_from([1, 7, 33, 140]))
        values = values_of(draw(SHAPES), length, draw(st.integers(0, 5)))
        if not np.isfinite(values).any():
            values[:] = 1.0
        sizes = {"area": draw(SIZES), "volume": draw(SIZES)}
        found.append(Spectrum(f"shape {number}", values, **sizes))
    return found


@settings(max_examples=400, deadline=None)
@given(spectra(), st.lists(STEPS, max_size=5))
def test_together_equals_one_by_one(spectra: list[Spectrum], records: list[dict[str, Any]]) -> None:
    preprocessing = Preprocessing.from_json(records)
    seen: set[int] = set()
    for rows in preprocessing.apply_together(spectra):
        for at, values in zip(rows.at.tolist(), rows.values, strict=True):
            assert at not in seen
            seen.add(at)
            one = preprocessing.apply(spectra[at])
            assert values.tobytes() == one.values.tobytes()
            assert rows.mode.tolist() == one.mode.tolist()
            assert rows.positions.tolist() == one.positions.tolist()


@pytest.mark.parametrize("kind", ["surface", "solid"])
def test_ordinary_spectra_are_all_taken_together(kind: str) -> None:
    random = np.random.default_rng(3)
    plain = [np.sort(random.uniform(1, 90, 200)) for _ in range(50)]
    with_zero = [np.concatenate([[1e-16], values[1:]]) for values in plain]
    turned = [-values for values in with_zero]
    spectra = [Spectrum("a", v, area=2.0, volume=3.0) for v in (*plain, *with_zero, *turned)]
    names = ["fix_sign", "sort", "drop_zeros", "take", "log_weyl", "subtract_mean"]
    extra: dict[str, dict[str, Any]] = {"take": {"n": 150}, "log_weyl": {"kind": kind}}
    records = [{"step": name, **extra.get(name, {})} for name in names]
    groups = Preprocessing.from_json(records).apply_together(spectra)
    assert sorted(at for rows in groups for at in rows.at.tolist()) == list(range(150))


def test_what_a_step_would_refuse_is_left_to_the_single_way() -> None:
    preprocessing = Preprocessing.from_json([{"step": "unit_area"}, {"step": "take", "n": 3}])
    good = Spectrum("good", [0.0, 1.0, 2.0], area=2.0)
    spectra = [good, Spectrum("short", [0.0, 1.0], area=2.0), Spectrum("bare", [0.0, 1.0, 2.0])]
    taken = [at for rows in preprocessing.apply_together(spectra) for at in rows.at.tolist()]
    assert taken == [0]
    with pytest.raises(PreprocessingError, match="gives none"):
        preprocessing.apply(spectra[2])
