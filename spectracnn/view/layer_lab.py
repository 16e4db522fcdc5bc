"""What the layer lab shows of a stack: pictures, captions, and what a sample was computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.lab.shapes import LayerReport, reports
from spectracnn.core.lab.specs import Convolution, GlobalPool, Pool
from spectracnn.core.windows import Window
from spectracnn.view.numbers import short
from spectracnn.view.palettes import Palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.lab.result import LabResult
    from spectracnn.core.lab.specs import LayerSpec

_MOST_TERMS = 6
_POSITIVE = frozenset({"relu", "sigmoid", "softplus"})


@dataclass(frozen=True, eq=False)
class StagePicture:
    """The input, or one layer's maps.

    Parameters
    ----------
    title : str
        Such as ``1  Conv1D``.
    captions : tuple of str
        Shape with its formula, parameters, receptive field, padding, samples left out.
    values : ndarray, shape (channels, steps) or (channels, rows, columns), float32
        One map a channel; a vector has one step.
    positions : ndarray, shape (steps,)
        Where each step stands on the axis of the input; empty for images.
    palette : Palette
        Signed, or from zero up.
    top : float
        The value at the end of the colours, of all channels together; positive.
    padding : (int, int)
        How many zeros the layer after this one puts before and behind, along the last axis.
    unread : tuple of int
        Steps that the layer after this one does not read.
    """

    title: str
    captions: tuple[str, ...]
    values: NDArray[np.float32]
    positions: NDArray[np.float64]
    palette: Palette
    top: float
    padding: tuple[int, int] = (0, 0)
    unread: tuple[int, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether a channel is an image rather than a row."""
        return self.values.ndim == 3


def stages(result: LabResult, values: NDArray[np.float32]) -> tuple[StagePicture, ...]:
    """Return the input and each layer, in order.

    Parameters
    ----------
    result : LabResult
        Of the stack.
    values : ndarray, shape ``stack.input_shape``
        What it was given.
    """
    described = reports(result.stack)
    pictures = [_input(values, described[:1])]
    for place, (spec, info, trace) in enumerate(
        zip(result.stack.layers, result.layers, result.traces, strict=True)
    ):
        positions = np.zeros(1) if info.field is None else info.field.centres
        maps = _maps(trace.output)
        after = described[place + 1 : place + 2]
        pictures.append(
            StagePicture(
                f"{place + 1}  {spec.name}",
                _captions(spec, described[place], info.field.size if info.field else None),
                maps,
                np.zeros(0) if maps.ndim == 3 else np.asarray(positions, np.float64),
                _palette(spec, pictures[-1].palette),
                _top(maps),
                *_reading(after),
            )
        )
    return tuple(pictures)


def _input(values: NDArray[np.float32], after: tuple[LayerReport, ...]) -> StagePicture:
    maps = _maps(values)
    steps = np.arange(values.shape[0], dtype=np.float64) if maps.ndim == 2 else np.zeros(0)
    shape = " \u00d7 ".join(str(size) for size in values.shape)
    palette = Palette.SIGNED if float(values.min(initial=0)) < 0 else Palette.POSITIVE
    return StagePicture("Input", (shape,), maps, steps, palette, _top(maps), *_reading(after))


def picture_of(title: str, values: NDArray[np.float32], caption: str = "") -> StagePicture:
    """Return one map without anything behind it: rows and columns, or steps."""
    maps = frozen_array(values[None], np.float32)
    steps = np.arange(values.shape[0], dtype=np.float64) if values.ndim == 1 else np.zeros(0)
    signed = bool((maps[np.isfinite(maps)] < 0).any())
    palette = Palette.SIGNED if signed else Palette.POSITIVE
    return StagePicture(title, (caption,) if caption else (), maps, steps, palette, _top(maps))


def _reading(after: tuple[LayerReport, ...]) -> tuple[tuple[int, int], tuple[int, ...]]:
    """Return what the next layer does to this one's ends, and which steps it leaves out."""
    if not after or not after[0].axes:
        return (0, 0), ()
    axis = after[0].axes[-1]
    return axis.padding, axis.unread


def _maps(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one map a channel, channels first."""
    if values.ndim == 1:
        return frozen_array(values[:, None], np.float32)
    return frozen_array(np.moveaxis(values, -1, 0), np.float32)


def _palette(spec: LayerSpec, before: Palette) -> Palette:
    if isinstance(spec, Convolution):
        return Palette.POSITIVE if spec.activation in _POSITIVE else Palette.SIGNED
    return before


def _top(maps: NDArray[np.float32]) -> float:
    finite = np.abs(maps[np.isfinite(maps)])
    return float(finite.max(initial=0.0)) or 1.0


def _captions(spec: LayerSpec, report: LayerReport, field: int | None) -> tuple[str, ...]:
    shape = " \u00d7 ".join(str(size) for size in report.output_shape)
    found = [shape]
    names = ("steps",) if len(report.axes) == 1 else ("rows", "columns")
    found += [f"{name} {axis.formula}" for name, axis in zip(names, report.axes, strict=False)]
    found.append(
        f"parameters {report.params_formula}" if report.n_params else "nothing to be learned"
    )
    if field is not None:
        found.append("one sample sees 1 value" if field == 1 else f"one sample sees {field} values")
    before, after = report.axes[-1].padding if report.axes else (0, 0)
    if before or after:
        what = "zeros" if isinstance(spec, Convolution) else "places (not counted)"
        found.append(f"padding: {before} {what} before, {after} behind")
    left_out = len(report.axes[-1].unread) if report.axes else 0
    if left_out:
        found.append(f"{left_out} of {report.axes[-1].steps_in} samples are never read")
    return tuple(found)


def stages_tsv(pictures: tuple[StagePicture, ...]) -> str:
    """Return the numbers of all stages as tab-separated text, a row a number."""
    rows = ["stage\tchannel\tplace\tvalue"]
    for picture in pictures:
        for at, value in np.ndenumerate(picture.values):
            place = ",".join(str(step) for step in at[1:])
            rows.append(f"{picture.title}\t{at[0]}\t{place}\t{value:.9g}")
    return "\n".join(rows) + "\n"


def sample_sentence(
    result: LabResult, values: NDArray[np.float32], layer: int, channel: int, at: tuple[int, ...]
) -> str:
    """Return how one number came about, with its own terms.

    Parameters
    ----------
    result : LabResult
        Of the stack.
    values : ndarray
        Its input.
    layer : int
        Which layer.
    channel : int
        Which map.
    at : tuple of int
        The step, or row and column; empty after global pooling.
    """
    spec = result.stack.layers[layer]
    trace = result.traces[layer]
    before = values if layer == 0 else result.traces[layer - 1].output
    where = f"{spec.name}, map {channel}{_place(at)}: "
    output = float(trace.output[(*at, channel)])
    if isinstance(spec, GlobalPool):
        word = "largest" if spec.pooling == "Max" else "mean"
        count = int(np.prod(before.shape[:-1]))
        return f"{where}the {word} of {count} values = {short(output)}"
    if isinstance(spec, Pool):
        inside = np.meshgrid(*input_window(result, values.shape, layer, at), indexing="ij")
        read = before[(*inside, channel)].ravel()
        word = "max" if spec.pooling == "Max" else "mean"
        return f"{where}{word}({_listed([short(float(v)) for v in read])}) = {short(output)}"
    kernel = result.weights[layer].arrays["kernel"][..., channel]
    terms = _products(before, kernel, all_taps(result, values.shape, layer, at))
    bias = result.weights[layer].arrays.get("bias")
    parts = _listed(terms, " + ")
    if bias is not None:
        parts += f" + bias {short(float(bias[channel]))}"
    plain = trace.before if trace.before is not None else trace.output
    summed = short(float(plain[(*at, channel)]))
    tail = f", {spec.activation} makes it {short(output)}" if trace.before is not None else ""
    return f"{where}{parts} = {summed}{tail}"


def input_window(
    result: LabResult, input_shape: tuple[int, ...], layer: int, at: tuple[int, ...]
) -> tuple[NDArray[np.int64], ...]:
    """Return which places of the layer's own input one sample reads, an array an axis."""
    shape = input_shape if layer == 0 else result.traces[layer - 1].output.shape
    if isinstance(result.stack.layers[layer], GlobalPool):
        return tuple(np.arange(size) for size in shape[:-1])
    taps = all_taps(result, input_shape, layer, at)
    return tuple(axis[(axis >= 0) & (axis < size)] for axis, size in zip(taps, shape, strict=False))


def all_taps(
    result: LabResult, input_shape: tuple[int, ...], layer: int, at: tuple[int, ...]
) -> tuple[NDArray[np.int64], ...]:
    """Return the places under a window, those in the padding as well, an array an axis."""
    spec = result.stack.layers[layer]
    if isinstance(spec, GlobalPool):
        return ()
    shape = input_shape if layer == 0 else result.traces[layer - 1].output.shape
    out = result.traces[layer].output.shape
    return tuple(
        _window(spec, axis).taps(step, shape[axis], out[axis]) for axis, step in enumerate(at)
    )


def _window(spec: Convolution | Pool, axis: int) -> Window:
    if isinstance(spec, Pool):
        stride = (spec.strides or spec.pool_size)[axis]
        return Window(spec.pool_size[axis], stride, 1, spec.padding)
    return Window(
        spec.kernel_size[axis], spec.strides[axis], spec.dilation_rate[axis], spec.padding
    )


def _products(
    before: NDArray[np.float32],
    kernel: NDArray[np.float32],
    taps: tuple[NDArray[np.int64], ...],
) -> list[str]:
    """Return the terms of the sum; padding contributes none."""
    met = [
        np.flatnonzero((axis >= 0) & (axis < size))
        for axis, size in zip(taps, before.shape, strict=False)
    ]
    weights = kernel[np.ix_(*met)]
    read = before[np.ix_(*(axis[inside] for axis, inside in zip(taps, met, strict=True)))]
    pairs = zip(read.ravel().tolist(), weights.ravel().tolist(), strict=True)
    return [f"{short(value)}\u00b7{short(weight)}" for value, weight in pairs]


def _listed(parts: list[str], joint: str = ", ") -> str:
    if len(parts) <= _MOST_TERMS:
        return joint.join(parts) or "nothing but padding"
    more = f"{len(parts) - _MOST_TERMS} more"
    return joint.join([*parts[:_MOST_TERMS], more])


def _place(at: tuple[int, ...]) -> str:
    if not at:
        return ""
    return f", step {at[0]}" if len(at) == 1 else f", row {at[0]}, column {at[1]}"
