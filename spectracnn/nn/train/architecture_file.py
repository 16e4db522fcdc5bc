"""Architectures from a person's file of JSON: read, judged, built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spectracnn.core.outputs import Task
from spectracnn.errors import ModelError, SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.judge import judge
from spectracnn.nn.repair import repaired

if TYPE_CHECKING:
    from pathlib import Path


def length_of_file(path: Path) -> int | None:
    """Return how many values an architecture's file reads; None where it leaves that open."""
    sizes = [size for size in input_shape(read_architecture(path), path) if size != 1]
    return None if not sizes or sizes[0] is None else int(sizes[0])


def read_architecture(path: Path) -> dict[str, Any]:
    """Return the configuration of an architecture's file, judged and repaired.

    Raises
    ------
    ModelError
        If it cannot be read, is no JSON, or holds what may not be built.
    """
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{path}: the architecture cannot be read ({error.strerror}); known by name are "
            "plain, tutorial and ensemble."
        ) from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path.name}: the architecture is not valid JSON.") from error
    config = repaired(config)
    try:
        judge(config)
    except ModelError as error:
        raise ModelError(f"{path.name}: {error.message}", error.hint) from error
    found: dict[str, Any] = config
    return found


def built(keras: Any, config: dict[str, Any], path: Path) -> Any:
    """Return the network of a configuration.

    Raises
    ------
    ModelError
        If Keras cannot build it.
    """
    try:
        return keras.saving.deserialize_keras_object(config, safe_mode=True)
    except Exception as error:  # Keras raises whatever a layer of the file comes upon
        reason = " ".join(str(error).split())[-240:].rstrip(". ")
        raise ModelError(f"{path.name}: Keras cannot build the network ({reason}).") from error


def input_shape(config: dict[str, Any], path: Path) -> tuple[int | None, ...]:
    """Return the shape of the network's one input, without the batch.

    Raises
    ------
    ModelError
        If it has none, or several.
    """
    _, keras = load_keras()
    model = built(keras, config, path)
    inputs = getattr(model, "inputs", None)
    if not inputs:
        raise ModelError(f"{path.name}: the architecture does not say its input's shape.")
    if len(inputs) != 1:
        raise ModelError(f"{path.name}: the network has {len(inputs)} inputs; expected one.")
    return tuple(inputs[0].shape[1:])


def check_output(model: Any, path: Path, task: Task, n_outputs: int) -> None:
    """Refuse a network whose output cannot be learned for this task.

    Raises
    ------
    ModelError
        If shape or activation are others.
    """
    outputs = model.outputs
    shape = tuple(outputs[0].shape[1:]) if len(outputs) == 1 else ()
    fits = {(n_outputs,)} | ({(1,)} if task is Task.CLASSIFICATION and n_outputs == 2 else set())
    if shape not in fits:
        raise ModelError(
            f"{path.name}: the network's output has the shape {shape}; expected ({n_outputs},)."
        )
    if task is Task.CLASSIFICATION:
        last = getattr(model.layers[-1], "activation", None)
        name = getattr(last, "__name__", type(model.layers[-1]).__name__.lower())
        expected = "sigmoid" if shape == (1,) else "softmax"
        if name != expected:
            raise ModelError(
                f"{path.name}: the network ends in '{name}'; expected {expected}, whose values "
                "are probabilities."
            )
    if not model.trainable_variables:
        raise SpectraCNNError(f"{path.name}: the network has no weights to learn.")
