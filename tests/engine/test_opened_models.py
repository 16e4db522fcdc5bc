"""Several models in one engine process: each answers for itself, and none is read twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Take
from spectracnn.engine import opened
from spectracnn.engine.messages import OpenModel, PredictSpectra
from spectracnn.engine.opened import OpenedModels
from spectracnn.engine.queue import Queue, Ticket
from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 8


def network(path: Path, seed: int) -> str:
    _, keras = load_keras()
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    keras.Sequential(
        [keras.Input((STEPS, 1)), layers.Conv1D(2, 3), layers.Flatten(), layers.Dense(2)]
    ).save(path)
    return str(path)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: Any) -> list[str]:
    folder = tmp_path_factory.mktemp("models")
    return [network(folder / f"{seed}.keras", seed) for seed in range(3)]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read."""
    from spectracnn.nn import loading

    real, seen = loading.open_model, []

    def open_model(path: Path, *args: Any, **kwargs: Any) -> Any:
        seen.append(path.name)
        return real(path, *args, **kwargs)

    monkeypatch.setattr(loading, "open_model", open_model)
    return seen


SPECTRUM = Spectrum("shape", np.linspace(0.0, 3.0, STEPS + 4))


def test_going_back_reads_nothing(paths: list[str], reads: list[str]) -> None:
    models = OpenedModels()
    for path in (paths[0], paths[1], paths[0]):
        assert models.open(OpenModel(path)).description.path == path
    assert reads == ["0.keras", "1.keras"]
    models.undo()
    assert models.of(None).description.path == paths[1]


def test_a_question_about_another_model_leaves_the_current_one(paths: list[str]) -> None:
    models = OpenedModels()
    models.open(OpenModel(paths[0]))
    card = ModelCard(Preprocessing((DropZeros(), Take(STEPS))), ("a", "b"))
    asked = models.of(OpenModel(paths[0], card))
    values = SPECTRUM.eigenvalues.astype(np.float32)
    np.testing.assert_array_equal(asked.trace(SPECTRUM).input[:, 0], values[1 : STEPS + 1])
    current = models.of(None)
    assert current.description.card_assumed
    np.testing.assert_array_equal(current.trace(SPECTRUM).input[:, 0], values[:STEPS])
    other = models.of(OpenModel(paths[1])).trace(SPECTRUM).output
    assert not np.array_equal(other, current.trace(SPECTRUM).output)


def test_a_file_that_changed_is_not_asked(tmp_path: Path) -> None:
    path = network(tmp_path / "changing.keras", 5)
    models = OpenedModels()
    sha256 = models.open(OpenModel(path)).description.sha256
    assert models.of(OpenModel(path, sha256=sha256)).description.sha256 == sha256
    network(tmp_path / "changing.keras", 6)
    stamp = os.stat(path).st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(stamp, stamp))
    with pytest.raises(ModelError, match="has changed since it was opened"):
        models.of(OpenModel(path, sha256=sha256))
    assert models.of(None).description.sha256 == sha256


def test_only_so_many_are_kept(
    paths: list[str], reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MOST_KEPT", 2)
    models = OpenedModels()
    for path in (*paths, paths[0]):
        models.open(OpenModel(path))
    assert reads == ["0.keras", "1.keras", "2.keras", "0.keras"]
    reads.clear()
    monkeypatch.setattr(opened, "MOST_PARAMETERS", 10)
    for path in (paths[1], paths[1], paths[2], paths[1]):
        models.open(OpenModel(path))
    assert reads == ["1.keras", "2.keras", "1.keras"]


def test_nothing_is_open_at_first() -> None:
    with pytest.raises(ModelError, match="No model is open"):
        OpenedModels().of(None)
    with pytest.raises(ModelError, match=r"absent\.keras: cannot be read"):
        OpenedModels().open(OpenModel("absent.keras"))


def test_a_batch_of_another_model_goes_on_when_one_is_opened() -> None:
    queue = Queue()
    spectra = (SPECTRUM,) * 3
    mine = Ticket(1, PredictSpectra(spectra), "predict", done=1)
    other = Ticket(2, PredictSpectra(spectra, OpenModel("b.keras")), "others", done=1)
    for ticket in (mine, other):
        queue.put(ticket)
    assert queue.pop_started() == [mine]
    assert queue.pop() is other
    assert other.next_piece().model.path == "b.keras"
