"""The guided tour as data: eight short steps told with the numbers of the open network."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.state.document import current_entry
from spectracnn.state.selection import (
    SPECTRUM,
    LayerMode,
    LayerOptions,
    Sample,
    SpectrumMode,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection


@dataclass(frozen=True, eq=False)
class TourStep:
    """One step.

    Parameters
    ----------
    title, text : str
        What it teaches; the numbers in it are those on the screen.
    target : str
        What to look at: ``spectrum``, ``layer:3``, ``prediction`` or ``tool:inspector``.
    changes : mapping of str to anything
        Fields of the selection that say how things are shown.
    sample : Sample or None
        Pinned meanwhile.
    tool : str
        Brought to the front; empty for none.
    """

    title: str
    text: str
    target: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    sample: Sample | None = None
    tool: str = ""


def tour_steps(document: Document, selection: Selection) -> tuple[TourStep, ...]:
    """Return the steps that the open network can show; none without an answered spectrum.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        Says which spectrum is shown.

    Returns
    -------
    tuple of TourStep
        Eight for a network with a rectified convolution and a pooling layer.
    """
    entry, model = current_entry(document, selection), document.model
    trace = document.traces.get(entry.id) if entry is not None else None
    if entry is None or model is None or trace is None:
        return ()
    steps = [_spectrum(entry.spectrum.name, len(entry.spectrum)), _input(model, trace)]
    conv = _find(model, lambda info: _slides(info) and not info.pools)
    if conv is not None:
        steps += _convolution(model, trace, conv)
    pool = _find(model, lambda info: info.pools and info.is_sequence)
    if pool is not None:
        steps.append(_pooling(model, trace, pool))
    if conv is not None:
        steps.append(_depth(model, conv))
    return (*steps, _decision(model, trace), _why(model, trace))


def _find(model: ModelDescription, wanted: Any) -> int | None:
    return next((place for place, info in enumerate(model.layers) if wanted(info)), None)


def _slides(info: LayerInfo) -> bool:
    return info.is_sequence and info.kernel_size is not None and "Conv" in info.layer_class


def _shown(layer: int, **options: Any) -> Mapping[int, LayerOptions]:
    return MappingProxyType({layer: LayerOptions(**options)})


def _spectrum(name: str, count: int) -> TourStep:
    return TourStep(
        "This is a spectrum",
        f"The shape '{name}' is summed up by {count} numbers: the eigenvalues of its "
        "Laplace\u2013Beltrami operator, the squared pitches at which its surface would ring. They "
        "rise from 0; how they rise depends on the shape.",
        "spectrum",
        {"spectrum_mode": SpectrumMode.RAW, "log_value": False, "log_index": False},
        Sample(SPECTRUM, min(10, count - 1)),
    )


def _input(model: ModelDescription, trace: Trace) -> TourStep:
    names = ", ".join(step.label for step in model.card.preprocessing.steps)
    return TourStep(
        "This is what the network reads",
        f"{trace.input.shape[0]} of them are prepared: {names or 'as they stand'}. Size and the "
        "general rise are gone; what is left is what tells one shape from another.",
        "spectrum",
        {"spectrum_mode": SpectrumMode.MODEL_INPUT},
    )


def _strongest(trace: Trace, layer: int) -> Sample:
    values = np.nan_to_num(trace.layers[layer].output)
    step, channel = np.unravel_index(int(np.argmax(values)), values.shape)
    return Sample(layer, int(step), int(channel))


def _convolution(model: ModelDescription, trace: Trace, layer: int) -> list[TourStep]:
    info = model.layers[layer]
    sample = _strongest(trace, layer)
    value = float(trace.layers[layer].output[sample.step, sample.channel])
    slide = TourStep(
        "A filter slides along",
        f"Filter {sample.channel} of {info.name} looks at {info.kernel_size} neighbours at a time: "
        "it multiplies each by a weight of its own and adds up. One place gives one sample; "
        f"sliding gives a row of this map. Its strongest sample here is {value:.3g}. Press play in "
        "the inspector to watch it move.",
        f"layer:{layer}",
        {"layers": _shown(layer)},
        sample,
        "inspector",
    )
    before = trace.layers[layer].before
    if before is None:
        return [slide]
    share = float(np.mean(before < 0))
    relu = TourStep(
        "ReLU keeps what is positive" if info.activation == "relu" else "Then the activation",
        f"Before its activation the map has both signs. {info.activation} is applied to every "
        + (
            f"sample: what is negative, {100 * share:.0f} % of them here, becomes 0. A filter "
            "responds only where it finds its pattern. Switch Before and After to compare."
            if info.activation == "relu"
            else "sample. Switch Before and After to compare."
        ),
        f"layer:{layer}",
        {"layers": _shown(layer, stage=Stage.BEFORE)},
        sample,
        "inspector",
    )
    return [slide, relu]


def _pooling(model: ModelDescription, trace: Trace, layer: int) -> TourStep:
    info = model.layers[layer]
    word = "the largest" if "Max" in info.layer_class else "the mean"
    steps = model.layers[info.sources[0]].output_shape[0] if info.sources else trace.input.shape[0]
    return TourStep(
        "Pooling summarises neighbours",
        f"{info.name} keeps {word} of every {info.kernel_size} neighbours: {steps} samples become "
        f"{info.output_shape[0]}. Where exactly a pattern was matters less now, and the next layer "
        "sees further at once.",
        f"layer:{layer}",
        {"layers": _shown(layer)},
        _strongest(trace, layer),
        "inspector",
    )


def _depth(model: ModelDescription, conv: int) -> TourStep:
    later = [place for place, info in enumerate(model.layers) if _slides(info) and place > conv]
    layer = later[-1] if later else conv
    info = model.layers[layer]
    size = info.field.size if info.field is not None else None
    sees = f" A sample of {info.name} sees {size} eigenvalues." if size else ""
    return TourStep(
        "Different filters see different things",
        f"Each row is one of {info.output_shape[-1]} filters, and each has learned a pattern of "
        f"its own: a gap, a step, a cluster. Deeper layers combine them.{sees} Move the pointer "
        "over the map: what the sample depends on is shaded in all panels.",
        f"layer:{layer}",
        {"layers": _shown(layer, mode=LayerMode.HEAT_MAP)},
    )


_ENDS = {
    Task.CLASSIFICATION: "gives every class a number; softmax, or a sigmoid where there are two, "
    "turns them into probabilities that add up to 1",
    Task.MULTILABEL: "gives every label a number; a sigmoid turns each into a probability of its "
    "own",
    Task.SEGMENTATION: "gives every class a probability at each step; here are their means",
}


def _decision(model: ModelDescription, trace: Trace) -> TourStep:
    if model.reading.is_values:
        values = ", ".join(map(model.reading.with_unit, model.reading.values(trace.output)[:2]))
        text = f"The last layer weighs everything and gives a value. Here: {values}."
        return TourStep("This is the decision", text, "prediction")
    order = np.argsort(-trace.probabilities, kind="stable")
    first, second = (model.classes[place] for place in order[:2]) if order.size > 1 else ("", "")
    shares = [100 * float(trace.probabilities[place]) for place in order[:2]]
    example = f"Here: {first} {shares[0]:.1f} %, then {second} {shares[1]:.1f} %." if second else ""
    return TourStep(
        "This is the decision",
        f"The last layer weighs everything and {_ENDS[model.task]}. {example}",
        "prediction",
    )


def _why(model: ModelDescription, trace: Trace) -> TourStep:
    name = model.classes[model.reading.best(trace.probabilities)]
    return TourStep(
        "This is why",
        f"Attribution shows how much each eigenvalue counted for '{name}', or against it. Try the "
        "methods, then change eigenvalues in the What-if tab and see whether the network agrees.",
        "tool:attribution",
        {"spectrum_mode": SpectrumMode.MODEL_INPUT},
        None,
        "attribution",
    )
