"""From a sample to the numbers that explain it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.case import Case
from spectracnn.view.inspect.elsewhere import (
    MERGES,
    explain_activation,
    explain_copy,
    explain_merge,
    explain_normalisation,
    unexplained,
)
from spectracnn.view.inspect.normalised import explain_layer_normalisation, explain_prelu
from spectracnn.view.inspect.records import Inspection, Line
from spectracnn.view.inspect.sums import explain_convolution, explain_dense, explain_pooling
from spectracnn.view.marks import read_eigenvalues
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.core.weights import LayerWeights

_EXPLAINED: dict[str, Callable[[Case], Inspection | None]] = {
    **dict.fromkeys(
        """Conv1D DepthwiseConv1D SeparableConv1D Conv1DTranspose Conv2D DepthwiseConv2D
        SeparableConv2D""".split(),
        explain_convolution,
    ),
    **dict.fromkeys(
        [
            f"{where}{kind}Pooling{rank}D"
            for where in ("", "Global")
            for kind in ("Max", "Average")
            for rank in (1, 2)
        ],
        explain_pooling,
    ),
    "Dense": explain_dense,
    **dict.fromkeys("Activation ReLU LeakyReLU ELU Softmax".split(), explain_activation),
    "BatchNormalization": explain_normalisation,
    "LayerNormalization": explain_layer_normalisation,
    "PReLU": explain_prelu,
    **dict.fromkeys(MERGES, explain_merge),
}


def inspect(
    description: ModelDescription,
    trace: Trace,
    weights: LayerWeights,
    sample: Sample,
    *,
    muted: bool = False,
) -> Inspection:
    """Explain one sample of a layer's output.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Its pass on the current spectrum.
    weights : LayerWeights
        Of the sample's layer.
    sample : Sample
        Of a layer; its step and channel exist.
    muted : bool
        Whether the network passes this channel on as 0.

    Returns
    -------
    Inspection
        Computed in float64 from the numbers that the layer was given. A layer whose arithmetic is
        not known here is told without, and without `Inspection.check`.
    """
    info = description.layers[sample.layer]
    case = Case(description, trace, weights, sample, muted)
    # Of whole numbers with a scale the products are others than those of the kernel.
    quantised = "quantised" in weights.settings
    explain = None if quantised else _EXPLAINED.get(info.layer_class)
    inspection = explain(case) if explain is not None else None
    inspection = inspection or (None if quantised else explain_copy(case)) or unexplained(case)
    return replace(inspection, title=info.name, subtitle=subtitle(description, trace, sample))


def subtitle(description: ModelDescription, trace: Trace, sample: Sample) -> str:
    """Return filter, step and the eigenvalues that are read, in one line."""
    info = description.layers[sample.layer]
    if len(info.output_shape) == 1:
        named = info.output_shape[0] == len(description.classes) and bool(info.activation)
        parts = [description.classes[sample.step] if named else f"unit {sample.step}"]
    else:
        word = "filter" if "Conv" in info.layer_class else "channel"
        parts = [f"{word} {sample.channel}", _place(info.output_shape, sample.step)]
    if info.field is not None:
        whole = info.field.covers_everything
        runs = read_eigenvalues(description, trace, sample)
        parts.append("reads every eigenvalue" if whole else f"reads eigenvalues {runs}")
    return " \u00b7 ".join(parts)


def _place(shape: tuple[int, ...], step: int) -> str:
    if len(shape) != 3:
        return f"step {step}"
    row, column = divmod(step, shape[1])
    return f"row {row}, column {column}"


def inspect_eigenvalue(spectrum: Spectrum, trace: Trace | None, index: int) -> Inspection:
    """Tell an eigenvalue, and what the network is given in its place.

    Parameters
    ----------
    spectrum : Spectrum
        The current one.
    trace : Trace or None
        Its pass through the network.
    index : int
        Of the eigenvalue.
    """
    sample = Sample(SPECTRUM, index)
    lines = []
    if 0 <= index < len(spectrum):
        lines.append(Line("", "eigenvalue", float(spectrum.eigenvalues[index])))
    places = [] if trace is None else input_positions(trace.positions).tolist()
    sentence = "The network does not read this eigenvalue."
    if trace is not None and index in places:
        row = trace.input[places.index(index)]
        lines += [Line("\u2192", "as the network reads it", float(v), strong=True) for v in row]
        sentence = "Preprocessing turns the eigenvalue into what the network reads."
    return Inspection(sample, f"Eigenvalue {index}", spectrum.name, sentence, lines=tuple(lines))
