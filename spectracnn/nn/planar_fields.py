"""Receptive fields of layers that slide along rows and columns: rectangles, exact at borders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spectracnn.core.fields import PlanarField, ReceptiveField
from spectracnn.core.windows import Window
from spectracnn.nn.receptive_fields import ALONG_AXES, MERGES, POINTWISE
from spectracnn.nn.windows import slide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.nn.graph import Record

SLIDING = frozenset("Conv2D SeparableConv2D DepthwiseConv2D MaxPooling2D AveragePooling2D".split())


@dataclass
class PlanarFields:
    """What is known of the rectangles of all tensors of a walk."""

    _fields: dict[int, PlanarField] = field(default_factory=dict)

    @classmethod
    def of_inputs(cls, model_input: Any, fed: Sequence[Any]) -> PlanarFields:
        """Begin with what the network is given, shape (batch, rows, columns, channels)."""
        known = cls()
        for tensor in fed:
            shape = tuple(tensor.shape[1:])
            if len(model_input.shape) == 4 and shape == tuple(model_input.shape[1:]):
                axes = (ReceptiveField.of_input(int(size)) for size in shape[:2])
                known._fields[id(tensor)] = PlanarField(*axes)
        return known

    def after(self, layer_class: str, config: dict[str, Any], record: Record) -> PlanarField | None:
        """Return the field of a layer's output, and remember it; None where nothing is claimed.

        Parameters
        ----------
        layer_class : str
            Keras's class name.
        config : dict
            The layer's ``get_config()``.
        record : Record
            Its call.
        """
        given = [self._fields.get(id(tensor)) for tensor in record.inputs]
        shape = tuple(int(size) for size in record.output.shape[1:])
        found = _field(layer_class, config, [item for item in given if item], shape)
        if found is None or len(given) != len([item for item in given if item]):
            return None
        self._fields[id(record.output)] = found
        return found


def _field(
    layer_class: str,
    config: dict[str, Any],
    given: Sequence[PlanarField],
    shape: tuple[int, ...],
) -> PlanarField | None:
    if len(shape) != 3 or not given:
        return None
    if layer_class in SLIDING and config.get("data_format") != "channels_first":
        rows, columns = _windows(config)
        return PlanarField(
            slide(given[0].rows, rows, shape[0]), slide(given[0].columns, columns, shape[1])
        )
    if layer_class in MERGES:
        return _widest(given) if config.get("axis", -1) in (-1, 3) else None
    if layer_class in ALONG_AXES and _axes(config) not in ((-1,), (3,)):
        return None
    if layer_class in POINTWISE | ALONG_AXES | {"SpatialDropout2D"} and layer_class not in (
        "TimeDistributed",
        "Masking",
    ):
        return given[0]
    return None


def _windows(config: dict[str, Any]) -> tuple[Window, Window]:
    size = _pair(config.get("kernel_size", config.get("pool_size")))
    strides = _pair(config.get("strides") or size)
    rates = _pair(config.get("dilation_rate") or 1)
    padding = str(config.get("padding", "valid"))
    rows, columns = (Window(*three, padding) for three in zip(size, strides, rates, strict=True))
    return rows, columns


def _pair(value: Any) -> tuple[int, int]:
    if isinstance(value, (tuple, list)):
        return int(value[0]), int(value[-1])
    return int(value), int(value)


def _axes(config: dict[str, Any]) -> tuple[int, ...]:
    axis = config.get("axis", -1)
    return tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)


def _widest(given: Sequence[PlanarField]) -> PlanarField | None:
    """Return the field that holds all others; a union of other rectangles is none."""
    return next((one for one in given if all(one.contains(other) for other in given)), None)
