"""Several structures of a subject: as channels, rows, one after the other, or an input each."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import DropZeros, Take
from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

N, SUBJECTS = 16, 5
NAMES = ("CST_L", "CST_R", "ThalRadL")
ORDER = ("ThalRadL", "CST_L", "CST_R")


@pytest.fixture
def values() -> NDArray[np.float64]:
    """Shape (subjects, structures in the card's order, n)."""
    return np.cumsum(np.random.default_rng(1).uniform(0.1, 1, (SUBJECTS, 3, N)), axis=2)


@pytest.fixture
def tracts(tmp_path: Path, values: NDArray[np.float64]) -> Path:
    table = {name: values[:, ORDER.index(name)] for name in NAMES}
    zeros = np.zeros((SUBJECTS, 1))
    more = np.full((SUBJECTS, 3), 99.0) + np.arange(3)
    whole = {name: np.hstack([zeros, rows, more]) for name, rows in table.items()}
    path = tmp_path / "tracts.p"
    path.write_bytes(pickle.dumps(whole, 2))
    return path


def _model(shape: tuple[int, ...], body: list[Any]) -> Any:
    _, keras = load_keras()
    keras.utils.set_random_seed(5)
    layers = keras.layers
    end = [layers.Flatten(), layers.Dense(1, activation="sigmoid")]
    return keras.Sequential([keras.Input(shape), *body, *end])


def _saved(model: Any, folder: Path, arrangement: Arrangement, **fields: Any) -> Path:
    path = folder / "model.keras"
    model.save(path)
    steps = Preprocessing((DropZeros(), Take(N)))
    card = ModelCard(steps, ("female", "male"), structures=ORDER, arrangement=arrangement, **fields)
    write_card(card, card_path(path))
    return path


def _predicted(path: Path, data: Path, capsys: Any) -> list[dict[str, Any]]:
    assert main(["predict", str(data), "--model", str(path), "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    "case", ["concatenated", "flat", "rows", "channels", "wide rows", "channels of an image"]
)
def test_one_prediction_a_subject(
    case: str, tmp_path: Path, tracts: Path, values: NDArray[np.float64], capsys: Any
) -> None:
    layers = load_keras()[1].layers
    one = np.float32(values)
    shape, body, arrangement, given = {
        "concatenated": (
            (3 * N, 1),
            [layers.Conv1D(4, 3, activation="relu"), layers.MaxPooling1D(2)],
            Arrangement.CONCATENATED,
            one.reshape(SUBJECTS, -1, 1),
        ),
        "flat": (
            (3 * N,),
            [layers.Dense(5, activation="tanh")],
            Arrangement.CONCATENATED,
            one.reshape(SUBJECTS, -1),
        ),
        "rows": (
            (3, N, 1),
            [layers.Conv2D(4, (2, 3), activation="relu")],
            Arrangement.ROWS,
            one[..., None],
        ),
        "wide rows": ((3, N), [layers.Conv1D(2, 2)], Arrangement.ROWS, one),
        "channels": (
            (N, 3),
            [layers.Conv1D(4, 3, activation="relu")],
            Arrangement.CHANNELS,
            one.transpose(0, 2, 1),
        ),
        "channels of an image": (
            (N, 3, 1),
            [layers.Conv2D(2, (3, 3))],
            Arrangement.CHANNELS,
            one.transpose(0, 2, 1)[..., None],
        ),
    }[case]
    model = _model(shape, body)
    path = _saved(model, tmp_path, arrangement)
    said = _predicted(path, tracts, capsys)
    assert [item["name"] for item in said] == [f"subject {k + 1}" for k in range(SUBJECTS)]
    wanted = np.asarray(model(given))[:, 0]
    found = [item["probabilities"]["male"] for item in said]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_structures_one_after_the_other_have_exact_fields(tmp_path: Path, tracts: Path) -> None:
    layers = load_keras()[1].layers
    model = _model((3 * N,), [layers.Reshape((3 * N, 1)), layers.Conv1D(2, 3)])
    opened = open_model(_saved(model, tmp_path, Arrangement.UNSPECIFIED))
    description = opened.description
    assert description.arrangement is Arrangement.CONCATENATED
    assert (description.input_shape, description.values_each) == ((3 * N, 1), N)
    field = description.layers[1].field
    assert field is not None
    assert field.runs(N - 1) == [(N - 1, N + 1)]
    members = [s for s in io.read(tracts) if s.subject == "subject 2"]
    trace = opened.trace(members[1], members)
    np.testing.assert_array_equal(trace.positions, np.tile(np.arange(1, N + 1), 3))


def test_each_input_reads_its_own_structure(
    tmp_path: Path, tracts: Path, values: NDArray[np.float64], capsys: Any
) -> None:
    _, keras = load_keras()
    layers = keras.layers
    starts = [
        keras.Input((N, 1), name="first"),
        keras.Input((N - 4,), name="second"),
        keras.Input((N, 1), name="third"),
    ]
    ends = [
        layers.Flatten()(layers.Conv1D(3, 4)(starts[0])),
        layers.Dense(3)(starts[1]),
        layers.GlobalAveragePooling1D()(layers.Conv1D(2, 3)(starts[2])),
    ]
    model = keras.Model(starts, layers.Dense(1, activation="sigmoid")(layers.Concatenate()(ends)))
    path = _saved(model, tmp_path, Arrangement.UNSPECIFIED)
    given = [np.float32(values[:, 0, :, None]), np.float32(values[:, 1, : N - 4])]
    wanted = np.asarray(model([*given, np.float32(values[:, 2, :, None])]))[:, 0]
    said = _predicted(path, tracts, capsys)
    found = [item["probabilities"]["male"] for item in said]
    np.testing.assert_allclose(found, wanted, rtol=1e-5)
    infos = open_model(path).description.layers
    field = next(info.field for info in infos if info.kernel_size == 4)
    assert field is not None
    assert field.runs(0) == [(0, 3)]


def test_an_age_beside_the_spectrum_is_no_spectrum(tmp_path: Path) -> None:
    _, keras = load_keras()
    layers = keras.layers
    starts = [keras.Input((N, 1)), keras.Input((1,), name="age")]
    joined = layers.Concatenate()([layers.Flatten()(starts[0]), starts[1]])
    keras.Model(starts, layers.Dense(2)(joined)).save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match=r"input 'age' has the shape \(1,\)"):
        open_model(tmp_path / "m.keras")


def test_a_network_of_another_length_is_refused_with_both_numbers(tmp_path: Path) -> None:
    layers = load_keras()[1].layers
    path = _saved(_model((3 * N + 1,), [layers.Dense(2)]), tmp_path, Arrangement.CONCATENATED)
    with pytest.raises(ModelError, match="names 3 structures; the model reads 49 values"):
        open_model(path)
