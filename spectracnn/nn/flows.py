"""Follows a class's score back through a network, edge by edge and channel by channel.

Each layer is called on copies of its inputs under a tape of its own, so that a gradient goes back
over this one layer and no further; what several ways share is then counted once. One copy of the
spectrum goes through for each group of channels, so that all groups of a layer go back at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.flows import INPUT, Flow, Flows, Group
from spectracnn.core.logits import logits_place
from spectracnn.nn.backend import load_keras
from spectracnn.nn.class_scores import class_scores, predicted_index
from spectracnn.nn.graph import Splitter, _is_mask, _is_tensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.graph import Walk
    from spectracnn.nn.muting import Channels
    from spectracnn.nn.network import Network

MOST = 6
"""Channels of a layer that are followed each on its own."""


@dataclass(eq=False)
class _Call:
    """One call of one layer: what went in, the copies that were watched, and what came out."""

    tape: Any
    originals: list[Any]
    copies: list[Any]
    before: Any
    output: Any


@dataclass(eq=False)
class _Recorder(Splitter):
    """A splitter that keeps a tape of each call."""

    inner: Splitter
    calls: list[_Call] = field(default_factory=list)

    def apply(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        tf, keras = load_keras()
        originals, copies = [], []

        def copied(item: Any) -> Any:
            if not _is_tensor(item) or not item.dtype.is_floating:
                return item
            copy = tf.identity(item)
            steps = getattr(item, "_keras_mask", None)
            if steps is not None:
                copy._keras_mask = steps
            originals.append(item)
            copies.append(copy)
            return copy

        args, kwargs = keras.tree.map_structure(copied, (args, kwargs))
        with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
            tape.watch(copies)
            before, result = self.inner.apply(layer, args, kwargs)
        output = keras.tree.flatten(result)[0]
        if not _is_mask(output):
            self.calls.append(_Call(tape, originals, copies, before, output))
        return before, result


class _Backward:
    """The way back from the score to the input."""

    def __init__(self, walk: Walk, calls: list[_Call], given: Any, heard: list[Any]) -> None:
        self._records, self._calls, self._heard = walk.records, calls, heard
        self._owner = {id(record.output): place for place, record in enumerate(walk.records)}
        self._owner[id(given)] = INPUT
        self._gradients: dict[int, Any] = {}
        self._parts: list[tuple[int, int, NDArray[np.float64]]] = []
        self._members: dict[int, list[NDArray[np.int64]]] = {}
        self._sums: dict[int, NDArray[np.float64]] = {}

    def start(self, layer: int, tensor: Any, upstream: Any) -> None:
        """Begin at a layer's values, before its activation or after, that make up the score."""
        call = self._calls[layer]
        # What went on may be another tensor than what the layer returned: channels are muted.
        self._step(layer, tensor if tensor is call.before else call.output, upstream)
        for earlier in range(layer - 1, -1, -1):
            if earlier in self._gradients:
                self._step(earlier, self._calls[earlier].output, self._gradients[earlier])

    def _step(self, layer: int, tensor: Any, upstream: Any) -> None:
        """Split a layer's gradient into groups of channels and send them over it."""
        tf, _ = load_keras()
        gradient = np.asarray(upstream, np.float64)[0]
        gradient = np.where(self._heard[layer], gradient, 0.0)
        product = gradient * np.nan_to_num(np.asarray(tensor[0], np.float64))
        sums = product.reshape(-1, product.shape[-1]).sum(axis=0)
        members = _grouped(sums)
        self._members[layer], self._sums[layer] = members, sums
        masks = np.zeros((MOST + 1, product.shape[-1]))
        for place, channels in enumerate(members):
            masks[place, channels] = 1.0
        shape = (MOST + 1, *([1] * (product.ndim - 1)), product.shape[-1])
        split = tf.cast(tf.constant(masks.reshape(shape) * gradient), tensor.dtype)
        call = self._calls[layer]
        found = call.tape.gradient(
            tensor, call.copies, output_gradients=split, unconnected_gradients="zero"
        )
        for original, part in zip(call.originals, found, strict=True):
            self._receive(layer, original, part)

    def _receive(self, layer: int, original: Any, part: Any) -> None:
        tf, _ = load_keras()
        source = self._owner.get(id(original))
        if source is None:
            return
        numbers = np.asarray(part, np.float64)
        product = numbers * np.nan_to_num(np.asarray(original[:1], np.float64))
        groups = len(self._members[layer])
        sums = product.reshape(MOST + 1, -1, product.shape[-1]).sum(axis=1)[:groups]
        self._parts.append((source, layer, sums))
        if source != INPUT:
            total = tf.reduce_sum(part, axis=0, keepdims=True)
            known = self._gradients.get(source)
            self._gradients[source] = total if known is None else known + total

    def flows(self, target: int) -> Flows:
        """Return what was found, by groups on both sides."""
        groups = tuple(
            tuple(
                Group(tuple(m.tolist()), float(self._sums[layer][m].sum()))
                for m in self._members.get(layer, [])
            )
            for layer in range(len(self._records))
        )
        flows = []
        for source, layer, sums in sorted(self._parts, key=lambda part: part[1]):
            whole = [np.arange(sums.shape[1])]
            rows = [sums[:, m].sum(axis=1) for m in self._members.get(source, whole)]
            flows.append(Flow(source, layer, np.array(rows, np.float32)))
        return Flows(target, groups, tuple(flows))


def _grouped(sums: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return the channels with the largest contributions, from for to against, then the others."""
    sizes = np.nan_to_num(np.abs(sums), nan=0.0, posinf=0.0)
    strongest = np.argsort(-sizes, kind="stable")[:MOST]
    if sums.size <= MOST + 1:
        strongest = np.arange(sums.size)
    strongest = strongest[np.argsort(-np.nan_to_num(sums[strongest]), kind="stable")]
    others = np.setdiff1d(np.arange(sums.size), strongest)
    groups = [np.array([channel]) for channel in strongest]
    return [*groups, others] if others.size else groups


def flows(
    description: ModelDescription,
    network: Network,
    channels: Channels,
    values: NDArray[np.float32],
    kept: NDArray[np.bool_],
) -> Flows:
    """Follow the score of the predicted class back to the input.

    Parameters
    ----------
    description : ModelDescription
        What the network is.
    network : Network
        The Keras model.
    channels : Channels
        Its channels.
    values : ndarray, shape (*input_shape), float32
        Model input.
    kept : ndarray of bool
        Which channels are heard.

    Raises
    ------
    LookupError
        If the network has an operation without a gradient.
    """
    tf, _ = load_keras()
    recorder = _Recorder(network.splitter)
    given = tf.constant(np.repeat(values[None], MOST + 1, axis=0))
    recording = replace(network, splitter=recorder)
    walk, output = recording.run(given, channels.muting(tf.constant(kept)))
    owner = {id(record.output): place for place, record in enumerate(walk.records)}
    layer, tensor = owner.get(id(output), len(walk.records) - 1), output
    place = logits_place(description)
    if place is not None:
        layer, record = place.layer, walk.records[place.layer]
        tensor = record.before if place.before else record.output
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        scores = class_scores(description, walk, output)[0]
        target = predicted_index(description, scores)
        score = tf.gather(scores, target)
    upstream = tape.gradient(score, tensor, unconnected_gradients="zero")[:1]
    back = _Backward(
        walk, recorder.calls, _entrance(recorder, owner), _heard(description, channels, kept)
    )
    back.start(layer, tensor, upstream)
    return back.flows(int(target))


def _entrance(recorder: _Recorder, owner: dict[int, int]) -> Any:
    """Return the tensor that the first layer was given."""
    tensors = (item for call in recorder.calls for item in call.originals)
    return next((item for item in tensors if id(item) not in owner), None)


def _heard(
    description: ModelDescription, channels: Channels, kept: NDArray[np.bool_]
) -> list[NDArray[np.bool_]]:
    sizes = [info.output_shape[-1] if info.output_shape else 1 for info in description.layers]
    return np.split(kept, np.cumsum(sizes)[:-1]) if len(channels) else []
