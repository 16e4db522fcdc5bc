"""Opens a Keras model together with its card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spectracnn.core.card import ModelCard, card_path, file_sha256, read_card
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Take
from spectracnn.core.trace import ModelDescription
from spectracnn.errors import CardError, ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.describing import describe_layers
from spectracnn.nn.graph import Recorder
from spectracnn.nn.loaded_model import LoadedModel
from spectracnn.nn.model_file import check_model_file

if TYPE_CHECKING:
    from pathlib import Path


def open_model(path: Path, card: ModelCard | None = None) -> LoadedModel:
    """Open a model file safely.

    Parameters
    ----------
    path : Path
        A ``.keras`` archive or a legacy HDF5 file.
    card : ModelCard, optional
        Used instead of the one beside the file.

    Returns
    -------
    LoadedModel
        Ready to trace.

    Raises
    ------
    ModelError
        If the file is damaged, unsafe, or no spectrum can be its input.
    CardError
        If the card beside it is invalid, or does not fit the model.
    """
    check_model_file(path)
    model = _load(path)
    fresh = _fresh_input(path, model)
    recorder = Recorder()
    output = recorder.walk(model, fresh)
    if not recorder.records or len(output.shape) != 2:
        raise ModelError(f"{path.name}: the model's output is not one number a class.")
    inputs, classes = int(fresh.shape[1]), int(output.shape[1])
    sha256 = file_sha256(path)
    card, warnings = _card(path, card, inputs, classes, sha256)
    layers = describe_layers(recorder.records, fresh)
    description = ModelDescription(
        name=card.title or path.stem,
        path=str(path),
        sha256=sha256,
        input_shape=tuple(int(size) for size in fresh.shape[1:]),
        layers=layers,
        classes=card.classes,
        card=card,
        n_params=int(model.count_params()),
        warnings=warnings,
    )
    return LoadedModel(description, fresh, recorder.records, output)


def _load(path: Path) -> Any:
    _, keras = load_keras()
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # noqa: BLE001  (Keras raises anything for a bad file)
        reason = " ".join(str(error).split())[:300]
        raise ModelError(f"{path.name}: Keras cannot load the model ({reason}).") from error


def _fresh_input(path: Path, model: Any) -> Any:
    """Return a new symbolic input; the model's own may have a frozen batch size, or none at all."""
    _, keras = load_keras()
    shape = model.input_shape if model.built and hasattr(model, "input_shape") else None
    if isinstance(shape, list) and len(shape) != 1:
        raise ModelError(f"{path.name}: the model has {len(shape)} inputs; a spectrum is one.")
    if isinstance(shape, list):
        shape = shape[0]
    if shape is None or len(shape) != 3 or shape[1] is None or shape[2] != 1:
        found = "unknown" if shape is None else f"({', '.join(map(str, shape[1:]))})"
        raise ModelError(
            f"{path.name}: the model's input shape is {found}; a spectrum is of shape (n, 1)."
        )
    return keras.Input(tuple(shape[1:]))


def _card(
    path: Path, card: ModelCard | None, inputs: int, classes: int, sha256: str
) -> tuple[ModelCard, tuple[str, ...]]:
    warnings: list[str] = []
    beside = card_path(path)
    if card is None and beside.exists():
        card = read_card(beside)
    if card is None:
        card = assumed_card(inputs, classes)
        warnings.append(
            f"{path.name} has no model card: the first {inputs} values are taken as they stand, "
            "and the classes are numbered."
        )
    elif card.model_sha256 and card.model_sha256 != sha256:
        warnings.append(f"{path.name} is not the file that its card was written for.")
    if len(card.classes) != classes:
        raise CardError(
            f"{path.name}: the card names {len(card.classes)} classes; the model has {classes}."
        )
    if card.preprocessing.length not in (None, inputs):
        raise CardError(
            f"{path.name}: the card takes {card.preprocessing.length} values; "
            f"the model reads {inputs}."
        )
    return replace(card, model_sha256=sha256), tuple(warnings)


def assumed_card(inputs: int, classes: int) -> ModelCard:
    """Return the card of a model that has none: the first values as they stand."""
    return ModelCard(
        preprocessing=Preprocessing((Take(inputs),)),
        classes=tuple(f"class {index}" for index in range(classes)),
        input_meaning="The first values of the file, as they stand (assumed: there is no card).",
    )
