"""Passes with weights set by hand; the model has its own again afterwards."""

from __future__ import annotations

import contextlib
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.errors import LayerError
from spectracnn.nn.layer_weights import weight_variables
from spectracnn.nn.muting import no_layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from spectracnn.nn.loaded_model import LoadedModel


@contextlib.contextmanager
def edited_weights(model: LoadedModel, edits: Sequence[WeightEdit]) -> Iterator[None]:
    """Give the network these weights within the block.

    Compiled functions read variables when they run, so that nothing is compiled anew: an edit
    costs as much as an assignment.

    Parameters
    ----------
    model : LoadedModel
        Has its own weights again after the block, whatever happens in it.
    edits : sequence of WeightEdit
        The last one of an array wins. A layer that the network uses twice changes in both places.

    Raises
    ------
    LayerError
        If there is no such array, or it has another shape.
    ModelError
        If there is no such layer.
    """
    wanted = [(_variables(model, edit), edit.values) for edit in edits]
    before: list[tuple[Any, Any]] = []
    try:
        for variables, values in wanted:
            for variable in variables:
                before.append((variable, variable.numpy()))
                variable.assign(values)
        yield
    finally:
        for variable, values in reversed(before):
            variable.assign(values)


def _variables(model: LoadedModel, edit: WeightEdit) -> list[Any]:
    """Return the variables to be set: the layer's own, and that of its copy without activation."""
    layers = model.network.layers
    if not 0 <= edit.layer < len(layers):
        raise no_layer(edit.layer, len(layers))
    name = model.description.layers[edit.layer].name
    layer = layers[edit.layer]
    found = []
    for holder in (layer, model.network.splitter.without_activation_of(layer)):
        if holder is None:
            continue
        variable = weight_variables(holder).get(edit.weight)
        if variable is None:
            raise LayerError(f"Layer '{name}' has no weights '{edit.weight[:60]}'.")
        if tuple(variable.shape) != edit.values.shape:
            raise LayerError(
                f"Layer '{name}', {edit.weight}: found the shape {edit.values.shape}, "
                f"expected {tuple(variable.shape)}."
            )
        found.append(variable)
    return found


def snapshot_edits(model: LoadedModel, path: Path, caption: str = "") -> tuple[WeightEdit, ...]:
    """Return the weights of an epoch of a training as edits of a model of the same layers.

    Parameters
    ----------
    model : LoadedModel
        Of the network that is trained.
    path : Path
        An ``.npz`` file with ``w0`` and on, in the order of ``Model.get_weights()``.
    caption : str
        Of each edit.

    Raises
    ------
    LayerError
        If the file cannot be read, or its weights are not those of this network.
    """
    try:
        # NumPy leaves a damaged archive open if it is given its name.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = [file[f"w{place}"] for place in range(len(file.files))]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise LayerError(f"{path.name}: the weights of this epoch cannot be read.") from error
    weights = model.network.model.weights
    if [tuple(item.shape) for item in weights] != [array.shape for array in arrays]:
        raise LayerError(f"{path.name}: these weights are of another network.")
    places = {id(variable): place for place, variable in enumerate(weights)}
    found: dict[int, WeightEdit] = {}
    for index, layer in enumerate(model.network.layers):
        for name, variable in weight_variables(layer).items():
            place = places.get(id(variable))
            if place is not None and place not in found:
                found[place] = WeightEdit(index, name, arrays[place], caption)
    return tuple(found[place] for place in sorted(found))


def save_edited(model: LoadedModel, edits: Sequence[WeightEdit], path: Path) -> Path:
    """Write the network with these weights as a new model, with a card that says what changed.

    Parameters
    ----------
    model : LoadedModel
        Stays as it is, in memory and in its file.
    edits : sequence of WeightEdit
        What to change.
    path : Path
        A ``.keras`` file; must not be the model's own.

    Returns
    -------
    Path
        The model's file; its card lies beside it.

    Raises
    ------
    LayerError
        If the path is the model's own file, or an edit does not fit.
    ExportError
        If it cannot be written; no half file is left.
    """
    known = model.description
    if path.suffix != ".keras":
        raise LayerError(f"{path.name}: a new model is written as a .keras file.")
    if str(path.absolute()) == known.path:
        raise LayerError(f"{path.name}: the original is never altered; choose another name.")
    with edited_weights(model, edits), atomic_path(path) as temporary:
        model.network.model.save(temporary)
    origin = {
        "model": known.name,
        "model_sha256": known.sha256,
        "changes": [_change(model, edit) for edit in edits],
    }
    # What was measured on the original says nothing of this one.
    card = replace(
        known.card,
        title=f"{known.name} (weights edited)",
        model_sha256=file_sha256(path),
        origin=origin,
        evaluation=(),
        conformal=(),
        reference=None,
        temperature=1.0,
    )
    write_card(card, card_path(path))
    return path


def _change(model: LoadedModel, edit: WeightEdit) -> dict[str, Any]:
    layer = model.network.layers[edit.layer]
    before = weight_variables(layer)[edit.weight].numpy()
    return {
        "layer": model.description.layers[edit.layer].name,
        "weight": edit.weight,
        "changed_values": int(np.count_nonzero(before != edit.values)),
        "caption": edit.caption,
    }
