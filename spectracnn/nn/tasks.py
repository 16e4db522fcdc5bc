"""What a network's outputs are, and what its card, or else its last act, says they mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from spectracnn.core.last_activation import describe_output
from spectracnn.core.outputs import Output, Task
from spectracnn.errors import CardError, ModelError
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.card import ModelCard
    from spectracnn.core.trace import LayerInfo
    from spectracnn.nn.graph import Record

_PROBABILITIES = ("softmax", "sigmoid")
_MEASURES = ("mse", "mae", "mape", "msle", "squared", "absolute", "huber", "logcosh", "poisson")
_CLASSES = ("crossentropy", "hinge")


def describe_outputs(
    model: Any, result: Any, records: Sequence[Record], layers: Sequence[LayerInfo]
) -> tuple[Output, ...]:
    """Describe everything that comes out of a network.

    Parameters
    ----------
    model : keras.Model
        The network.
    result : tensor or structure of them
        What came out of a symbolic pass.
    records : sequence of Record
        Of that pass.
    layers : sequence of LayerInfo
        Parallel to the records.

    Raises
    ------
    ModelError
        If nothing comes out, or the shape of an output is not known before it runs.
    """
    _, keras = load_keras()
    tensors = keras.tree.flatten(result)
    names = _names(model, result, len(tensors))
    at = {id(tensor): place for place, record in enumerate(records) for tensor in record.outputs}
    found = []
    for name, tensor in zip(names, tensors, strict=True):
        shape = tuple(tensor.shape[1:])
        if None in shape:
            shape_text = ", ".join("any" if size is None else str(size) for size in shape)
            raise ModelError(
                f"The model's output has the shape ({shape_text}), which is not fixed."
            )
        layer = at.get(id(tensor))
        if layer is not None and tensor is not records[layer].output:
            found.append(Output(name, shape, ""))  # a state that a layer returns beside its output
        else:
            found.append(replace(describe_output(name, layers, layer), shape=shape))
    if not found:
        raise ModelError("The model has no output.")
    return tuple(found)


def _names(model: Any, result: Any, count: int) -> list[str]:
    if isinstance(result, dict) and len(result) == count:
        return [str(key) for key in sorted(result)]
    names = [str(name) for name in getattr(model, "output_names", ())]
    if len(names) != count or len(set(names)) != count:
        names = ["output"] if count == 1 else [f"output {place}" for place in range(count)]
    return names


def chosen_output(card: ModelCard | None, outputs: Sequence[Output]) -> int:
    """Return which output is read: the one that the card names, else the first.

    Raises
    ------
    CardError
        If there is none of that name.
    """
    names = [output.name for output in outputs]
    if card is None or not card.output:
        return 0
    if card.output not in names:
        raise CardError(
            f"The card reads the output '{card.output}'; the model has {', '.join(names)}."
        )
    return names.index(card.output)


def task_of(card: ModelCard | None, output: Output, loss: str = "") -> Task:
    """Return what an output means.

    Parameters
    ----------
    card : ModelCard or None
        Decides, if it says so.
    output : Output
        Its last act decides otherwise; a linear one is a regression, unless it was trained as
        the scores of classes or the card names several of them.
    loss : str
        What it was trained with, as the file names it; empty if unknown.
    """
    if card is not None and card.task:
        return card.task
    known = output.activation in _PROBABILITIES
    if output.per_step:
        return Task.SEGMENTATION if known or _is_of_classes(card, output, loss) else Task.REGRESSION
    if output.activation == "softmax":
        return Task.CLASSIFICATION
    if output.activation == "sigmoid":
        return Task.CLASSIFICATION if output.width == 1 else Task.MULTILABEL
    if not _is_of_classes(card, output, loss):
        return Task.REGRESSION
    several = output.width > 1 and "binary" in loss
    return Task.MULTILABEL if several else Task.CLASSIFICATION


def _is_of_classes(card: ModelCard | None, output: Output, loss: str) -> bool:
    if card is not None and card.classes:
        measured = card.target or card.unit or (output.width == 1 and len(card.classes) == 1)
        return not measured
    if any(word in loss for word in _CLASSES):
        return True
    unknown = output.activation == "" and output.width > 1 and not output.per_step
    return unknown and not any(word in loss for word in _MEASURES)


def names_for(path_name: str, card: ModelCard | None, task: Task, width: int) -> tuple[str, ...]:
    """Return the names of classes, labels or values.

    Raises
    ------
    CardError
        If the card names another number of them.
    """
    single = width == 1 and task in (Task.CLASSIFICATION, Task.SEGMENTATION)
    needed = 2 if single else width
    given = card.classes if card is not None else ()
    if given:
        if single and len(given) == 1:
            return (f"not {given[0]}", given[0])
        if len(given) != needed:
            raise CardError(
                f"{path_name}: the card names {len(given)} {noun(task, len(given))}; "
                f"the model has {needed}."
            )
        return given
    if task is Task.REGRESSION:
        one = (card.target if card is not None else "") or "value"
        return (one,) if width == 1 else tuple(f"{one} {place}" for place in range(width))
    one = "label" if task is Task.MULTILABEL else "class"
    return tuple(f"{one} {place}" for place in range(needed))


def noun(task: Task, count: int = 2) -> str:
    """Return what the names of a task are called."""
    one, many = {
        Task.MULTILABEL: ("label", "labels"),
        Task.REGRESSION: ("value", "values"),
    }.get(task, ("class", "classes"))
    return one if count == 1 else many


def loss_name(config: Any) -> str:
    """Return the name of the loss in a compile configuration, in small letters; empty if unknown.

    Only words are read: nothing of it is ever built.
    """
    loss = config.get("loss") if isinstance(config, dict) else None
    if isinstance(loss, dict) and "class_name" in loss:
        loss = loss["class_name"] if loss["class_name"] != "function" else loss.get("config")
    if not isinstance(loss, str):
        return ""
    return loss.replace("_", "").lower()
