from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from spectracnn.geometry import cache
from spectracnn.geometry.computing import SolveRequest, compute
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.samples import sample_shape

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


def solved(k: int) -> None:
    compute(SolveRequest(sample_shape("drum_1"), SolveOptions(k=k)))


def test_results_are_kept_up_to_the_limit_and_the_oldest_goes_first(folder: Path) -> None:
    assert (cache.limit_mib(), cache.kept_bytes()) == (cache.LIMIT_MIB, 0)
    solved(4)
    one = next(folder.glob("*.npz"))
    os.utime(one, (1, 1))
    solved(5)
    both = cache.kept_bytes()
    assert both > one.stat().st_size
    cache.trim(both - 1)
    assert not one.exists()
    assert 0 < cache.kept_bytes() < both
    cache.clear()
    assert cache.kept_bytes() == 0


def test_a_limit_of_nothing_keeps_nothing_and_a_damaged_one_is_the_usual(folder: Path) -> None:
    cache.set_limit_mib(0)
    solved(4)
    assert (cache.limit_mib(), cache.kept_bytes()) == (0, 0)
    for text in ("", "[]", '{"mib": "much"}', '{"mib": -1}', '{"mib": true}'):
        (folder / "limit.json").write_text(text)
        assert cache.limit_mib() == cache.LIMIT_MIB
    solved(4)
    assert cache.kept_bytes() > 0
