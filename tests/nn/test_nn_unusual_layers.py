"""Layers and precisions that were refused for no good reason open; the others say the true one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model
from spectracnn.state.selection import Sample
from spectracnn.view.inspect.arithmetic import inspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N = 60


def _ended(keras: Any, start: Any, body: Any) -> Any:
    layers = keras.layers
    end = layers.Dense(3, activation="softmax")(layers.Flatten()(body))
    return keras.Model(start, end)


def _adaptive(k: Any) -> Any:
    start = k.Input((N, 1))
    body = k.layers.Conv1D(4, 5)(start)
    body = k.layers.AdaptiveMaxPooling1D(20)(body)
    return _ended(k, start, k.layers.AdaptiveAveragePooling1D(7)(body))


def _einsum(k: Any) -> Any:
    start = k.Input((N, 1))
    body = k.layers.Conv1D(4, 3)(start)
    dense = k.layers.EinsumDense("abc,cd->abd", (N - 2, 5), activation="relu", bias_axes="d")
    return _ended(k, start, dense(body))


def _grouped(k: Any) -> Any:
    start = k.Input((N, 1))
    body = k.layers.Dense(8)(start)
    return _ended(k, start, k.layers.GroupQueryAttention(4, 4, 2)(body, body))


def _fourier(k: Any) -> Any:
    start = k.Input((N, 1))
    real, imaginary = k.ops.rfft(k.layers.Permute((2, 1))(start))
    return _ended(k, start, k.ops.sqrt(real * real + imaginary * imaginary))


def _arithmetic(k: Any) -> Any:
    start = k.Input((N, 1))
    return _ended(k, start, k.ops.log(k.ops.abs(start) + 1.0)[:, 1:])


def _quantised(mode: str) -> Callable[[Any], Any]:
    def build(k: Any) -> Any:
        start = k.Input((N, 1))
        body = k.layers.Flatten()(k.layers.Conv1D(4, 5, activation="relu")(start))
        body = k.layers.Dense(8, activation="relu", name="hidden")(body)
        model = _ended(k, start, body)
        model.quantize(mode)
        return model

    return build


BOTH = (".keras", ".h5")
OPENED = [
    *((_adaptive, suffix) for suffix in BOTH),
    *((_einsum, suffix) for suffix in BOTH),
    *((_grouped, suffix) for suffix in BOTH),
    (_fourier, ".keras"),
    (_arithmetic, ".keras"),
    *((_quantised(mode), ".keras") for mode in ("int8", "int4", "float8")),
]


def _saved(build: Callable[[Any], Any], path: Path) -> Any:
    _, keras = load_keras()
    keras.utils.set_random_seed(5)
    model = build(keras)
    model.save(path)
    return model


@pytest.mark.parametrize(("build", "suffix"), OPENED)
@pytest.mark.filterwarnings("ignore")
def test_it_opens_and_says_what_keras_says(
    build: Callable[[Any], Any], suffix: str, tmp_path: Path
) -> None:
    model = _saved(build, tmp_path / f"m{suffix}")
    opened = open_model(tmp_path / f"m{suffix}")
    given = np.random.default_rng(6).normal(size=(3, N, 1)).astype(np.float32)
    told = np.asarray(model(given, training=False))
    np.testing.assert_allclose(opened.predict(given), told, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(opened.trace_batch(given).output, told, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (_fourier, "computes 'RFFT' between its layers, which an .h5 file stores without saying"),
        (_arithmetic, "between its layers, which an .h5 file stores without saying"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_operations_in_an_old_file_are_refused_as_keras_does(
    build: Callable[[Any], Any], told: str, tmp_path: Path
) -> None:
    _, keras = load_keras()
    _saved(build, tmp_path / "m.h5")
    with pytest.raises(Exception, match="custom_object_scope"):
        keras.saving.load_model(tmp_path / "m.h5", compile=False)
    with pytest.raises(ModelError, match=told) as caught:
        open_model(tmp_path / "m.h5")
    assert caught.value.hint == "Save the model as .keras."


def test_a_transposed_convolution_with_holes_is_refused_as_it_cannot_be_computed(
    tmp_path: Path,
) -> None:
    _, keras = load_keras()
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((N, 1)), layers.Conv1DTranspose(2, 3, dilation_rate=2, name="up")]
    )
    model.save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match=r"Layer 'up' is a Conv1DTranspose with holes"):
        open_model(tmp_path / "m.keras")


@pytest.mark.filterwarnings("ignore")
def test_the_inspector_does_not_pretend_to_know_whole_numbers(tmp_path: Path) -> None:
    _saved(_quantised("int8"), tmp_path / "m.keras")
    opened = open_model(tmp_path / "m.keras")
    names = [layer.name for layer in opened.description.layers]
    place = names.index("hidden")
    weights = opened.weights_of(place)
    assert weights.settings["quantised"] == "int8"
    trace = opened.trace(Spectrum("x", np.linspace(0.0, 9.0, N)))
    values = trace.layers[place].output.ravel()
    unit = int(values.argmax())
    told = inspect(opened.description, trace, weights, Sample(place, unit))
    assert told.sentence.startswith("The arithmetic of Dense is not shown")
    assert told.lines[-1].value == pytest.approx(float(values[unit]))
    assert values[unit] > 0
