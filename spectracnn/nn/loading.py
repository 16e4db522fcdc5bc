"""Opens a Keras model together with its card."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.core.card_file import file_sha256
from spectracnn.core.trace import ModelDescription
from spectracnn.errors import ModelError
from spectracnn.jobs.limits import limited_memory
from spectracnn.nn.arranging import serve
from spectracnn.nn.backend import keep_arithmetic, load_keras
from spectracnn.nn.describing import describe_layers
from spectracnn.nn.graph import Splitter, Walk
from spectracnn.nn.known import find_reference
from spectracnn.nn.layer_names import MOST, make_runnable
from spectracnn.nn.loaded_model import LoadedModel
from spectracnn.nn.model_cards import find_card, fitting_card
from spectracnn.nn.model_file import read_model_file
from spectracnn.nn.network import Network, packed
from spectracnn.nn.old_activations import restore_activations
from spectracnn.nn.tasks import chosen_output, describe_outputs
from spectracnn.nn.vetting import warm_up
from spectracnn.printable import shortened

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard
    from spectracnn.core.outputs import Output
    from spectracnn.nn.model_cards import FoundCard
    from spectracnn.nn.serving import Serving

MEMORY_LIMIT = 6 << 30
"""Bytes that opening may take; enough for a network of a few hundred million parameters."""

_MOST_VALUES = 1 << 28
_MEMORY_HINT = "Raise the memory limit for models if you trust the file."


def open_model(
    path: Path,
    card: ModelCard | None = None,
    *,
    memory_limit: int | None = MEMORY_LIMIT,
    length: int | None = None,
) -> LoadedModel:
    """Open a model file safely: nothing in it is executed.

    Parameters
    ----------
    path : Path
        A ``.keras`` archive or a legacy HDF5 file.
    card : ModelCard, optional
        Used instead of the user's own and the one beside the file.
    memory_limit : int or None
        Bytes that loading may take, where the system can tell; None for no limit.
    length : int, optional
        How many values to take where neither the network nor a card says so; without it, such a
        network is refused.

    Returns
    -------
    LoadedModel
        Ready to trace.

    Raises
    ------
    ModelError
        If the file is damaged, unsafe, or no spectrum can be its input.
    CardError
        If its card is invalid, or does not fit the model.
    """
    path = path.absolute()
    warm_up(path)
    keep_arithmetic()
    try:
        with limited_memory(memory_limit), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras's advice to whoever built the network
            model, loss = _load(path)
            sha256 = file_sha256(path)
            found = find_card(path, card, sha256)
            return _build(_Source(path, sha256, loss), model, found, length)
    except MemoryError as error:
        raise ModelError(f"{path.name}: the model needs too much memory.", _MEMORY_HINT) from error


def with_card(
    loaded: LoadedModel, card: ModelCard | None, *, length: int | None = None
) -> LoadedModel:
    """Return a model that is open as another card has it; what the two share is made once.

    Parameters
    ----------
    loaded : LoadedModel
        Stays as it is.
    card : ModelCard or None
        The other card; None looks for it as opening the file does.
    length : int, optional
        As for :func:`open_model`.

    Raises
    ------
    ModelError, CardError
        As for :func:`open_model`.
    """
    known = loaded.description
    path, model = Path(known.path), loaded.network.model
    found = find_card(path, card, known.sha256)
    try:
        serving = serve(_input_shapes(model), found.card, length)
    except ModelError as error:
        raise ModelError(f"{path.name}: {error.message}", error.hint) from error
    before = loaded.network
    source = _Source(path, known.sha256, before.loss)
    same = serving.fits(before.serving)
    if not same or chosen_output(found.card, known.outputs) != known.output:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _build(source, model, found, length)
    description = replace(known, **_described_by_card(source, found, serving, known.outputs))
    return loaded.serving_as(description, serving)


@dataclass(frozen=True)
class _Source:
    """Where a network comes from, and what it was trained with, as far as the file says."""

    path: Path
    sha256: str
    loss: str


def _build(source: _Source, model: Any, found: FoundCard, length: int | None) -> LoadedModel:
    _, keras = load_keras()
    path = source.path
    try:
        inputs = getattr(model, "inputs", None) or ()
        names = [shortened(str(tensor.name), MOST) for tensor in inputs]
        serving = serve(_input_shapes(model), found.card, length, names)
        fresh = keras.Input(serving.input_shape)
        splitter = Splitter()
        walk = Walk(splitter)
        fed = serving.to_network(fresh)
        result = walk.through(model, packed(model, fed))
        if any(None in record.output.shape[1:] for record in walk.records):
            # Some layers know their shape only while they run; one pass of zeros gives it.
            walk = Walk(splitter)
            fresh = keras.ops.zeros((1, *serving.input_shape))
            fed = serving.to_network(fresh)
            result = walk.through(model, packed(model, fed))
        _check_size(walk)
        layers = describe_layers(walk.records, fresh, fed)
        outputs = describe_outputs(model, result, walk.records, layers)
        from_card = _described_by_card(source, found, serving, outputs)
    except ModelError as error:
        raise ModelError(f"{path.name}: {error.message}", error.hint) from error
    except (ValueError, TypeError, RuntimeError) as error:
        raise ModelError(f"{path.name}: the model cannot be run ({_short(error)}).") from error
    description = ModelDescription(
        path=str(path),
        sha256=source.sha256,
        input_shape=serving.input_shape,
        layers=layers,
        n_params=int(model.count_params()),
        open_length=any(None in shape for shape in _input_shapes(model) or [(None,)]),
        **from_card,
    )
    objects = tuple(record.layer for record in walk.records)
    network = Network(model, serving, splitter, objects, description.output, source.loss)
    return LoadedModel(description, network)


def _described_by_card(
    source: _Source, found: FoundCard, serving: Serving, outputs: tuple[Output, ...]
) -> dict[str, Any]:
    """Return those fields of a description that follow from the card."""
    output = chosen_output(found.card, outputs)
    card, notes = fitting_card(
        source.path, found.card, serving.steps, outputs[output], source.sha256, source.loss
    )
    if len(outputs) > 1 and not card.output:
        names = ", ".join(item.name for item in outputs)
        notes = (*notes, f"The model has {len(outputs)} outputs ({names}); the first is shown.")
    reference, unfit = find_reference(source.path, card, found.file, serving.input_shape)
    return {
        "reference": reference,
        "name": card.title or source.path.stem,
        "outputs": outputs,
        "output": output,
        "task": card.task,
        "classes": card.classes,
        "card": card,
        "card_file": "" if found.file is None else str(found.file),
        "card_assumed": found.card is None,
        "warnings": (*notes, *unfit),
        "structures": serving.structures if len(serving.structures) > 1 else (),
        "arrangement": serving.arrangement,
    }


def _load(path: Path) -> tuple[Any, str]:
    """Return the network, and the name of the loss that it was trained with."""
    _, keras = load_keras()
    file = read_model_file(path)
    try:
        with file.for_keras() as readable:
            model = keras.saving.load_model(readable, compile=False, safe_mode=True)
    except MemoryError:
        raise
    except Exception as error:  # Keras raises whatever a layer of the file comes upon
        if type(error).__name__ == "ResourceExhaustedError":
            raise MemoryError from error
        raise ModelError(f"{path.name}: Keras cannot load the model ({_short(error)}).") from error
    _make_stateless(model)
    make_runnable(model)
    if file.of_keras_2:
        restore_activations(model)
    return model, file.loss


def _make_stateless(model: Any) -> None:
    """Let recurrent layers begin each spectrum anew: no trace may depend on the one before."""
    for layer in [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False)]:
        layer.stateful = False


def _short(error: Exception) -> str:
    """Return the reason in one line; Keras puts it last, after the whole configuration."""
    text = " ".join(str(error).split())
    return text.rpartition("Exception encountered: ")[2][:240].rstrip(". ") or type(error).__name__


def _input_shapes(model: Any) -> list[tuple[int | None, ...]] | None:
    """Return the shapes of the inputs without the batch axis, whose size may have been frozen."""
    try:
        inputs = model.inputs
    except AttributeError:
        inputs = None
    if inputs:
        return [tuple(tensor.shape[1:]) for tensor in inputs]
    shapes = getattr(model, "_build_shapes_dict", None)
    if shapes and len(shapes) == 1:
        return [tuple(next(iter(shapes.values()))[1:])]
    if not model.built:
        # Building it now would make weights by chance.
        raise ModelError(
            "The model was never built, so the file holds no weights.",
            "Call it on data, or train it, and save it again.",
        )
    return None


def _check_size(walk: Walk) -> None:
    if not walk.records:
        raise ModelError("The model has no layers.")
    total = 0
    for record in walk.records:
        if any(size is None for size in record.output.shape[1:]):
            raise ModelError(f"The shape of layer '{record.name}' is not known before it runs.")
        total += math.prod(record.output.shape[1:])
        if total > _MOST_VALUES:
            raise ModelError(
                f"Layer '{record.name}' has the absurd output shape {record.output.shape[1:]}."
            )
