"""What is known of the receptive fields of all tensors of a walk, element by element."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spectracnn.core.fields import ReceptiveField
from spectracnn.nn.field_rules import picked
from spectracnn.nn.receptive_fields import POINTWISE, is_uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import LayerInfo
    from spectracnn.nn.graph import Record


class Elements(NamedTuple):
    """Of a tensor in C order: element ``k`` has the field of step ``k // each``."""

    field: ReceptiveField
    each: int


@dataclass
class KnownFields:
    """Fields by tensor.

    A tensor of steps and channels has one field a step. Layers that only change the shape keep
    the elements in their order, so that a sequence which was a vector for a while has its fields
    again.
    """

    _fields: dict[int, ReceptiveField | None] = field(default_factory=dict)
    _elements: dict[int, Elements] = field(default_factory=dict)

    @classmethod
    def of_inputs(cls, model_input: Any, fed: Sequence[Any]) -> KnownFields:
        """Begin with what the network is given.

        Parameters
        ----------
        model_input : KerasTensor
            Shape (batch, steps, channels), or (batch, structures, steps, 1) for an image.
        fed : sequence of KerasTensor
            The network's own inputs, made from it.
        """
        known = cls()
        if len(model_input.shape) != 3:
            return known  # structures as rows of an image
        steps = int(model_input.shape[1])
        for tensor in fed:
            shape = tuple(int(size) for size in tensor.shape[1:])
            wide = [size for size in shape if size != 1]
            length = wide[0] if wide else 1
            whole = ReceptiveField.of_input(steps)
            own = whole if length == steps else picked(whole, np.arange(length))
            known._elements[id(tensor)] = Elements(own, math.prod(shape) // length)
            if len(shape) == 2 and shape[0] == length:
                known._fields[id(tensor)] = own
            elif len(shape) == 1 or (len(shape) == 2 and len(wide) <= 1):
                known._fields[id(tensor)] = ReceptiveField.everything(1, steps)
        return known

    def fields_of(self, record: Record) -> list[ReceptiveField | None]:
        """Return the fields of a layer's inputs."""
        return [self._fields.get(id(tensor)) for tensor in record.inputs]

    def reshaped(
        self, layer_class: str, record: Record, shape: tuple[int, ...]
    ) -> ReceptiveField | None:
        """Return the field of a Reshape's steps from those of its elements; None if unknown."""
        if layer_class not in ("Reshape", "Permute") or len(shape) != 2:
            return None
        elements = self._kept(layer_class, record)
        return None if elements is None else _grouped(elements, *shape)

    def add(self, info: LayerInfo, record: Record) -> None:
        """Note what is known of a layer's outputs."""
        for tensor in record.outputs:
            self._fields[id(tensor)] = info.field if tensor is record.output else None
        elements = self._kept(info.layer_class, record)
        if elements is None and info.field is not None:
            if len(info.output_shape) == 2:
                elements = Elements(info.field, info.output_shape[-1])
            elif len(info.output_shape) == 1 and is_uniform(info.layer_class):
                elements = Elements(info.field, info.output_shape[0])
        if elements is not None:
            self._elements[id(record.output)] = elements

    def _kept(self, layer_class: str, record: Record) -> Elements | None:
        """Return the elements of the input where the output has the same in the same order."""
        if len(record.inputs) != 1:
            return None
        before, after = record.inputs[0].shape[1:], record.output.shape[1:]
        same = math.prod(before) == math.prod(after)
        wide = [size for size in before if size != 1]
        kept = (
            layer_class in ("Reshape", "Flatten")
            or (layer_class in POINTWISE - {"TimeDistributed"} and tuple(before) == tuple(after))
            or (layer_class == "Permute" and len(wide) <= 1)
        )
        return self._elements.get(id(record.inputs[0])) if same and kept else None


def _grouped(elements: Elements, steps: int, channels: int) -> ReceptiveField:
    """Return the field of steps of so many neighbouring elements each."""
    own, each = elements
    if own.steps == steps and each == channels:
        return own
    rows = np.arange(steps * channels).reshape(steps, channels) // each
    read = own.mask
    mask = np.zeros((steps, own.inputs), np.bool_)
    for column in rows.T:
        mask |= read[column]
    start = own.start[rows].min(axis=1)
    stop = own.stop[rows].max(axis=1)
    size = round(float((stop - start).max())) + 1
    jump = float(np.median(np.diff(start))) if steps > 1 else 0.0
    return ReceptiveField(mask, start, stop, size, max(jump, 0.0))
