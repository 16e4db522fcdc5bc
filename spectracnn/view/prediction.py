"""What the network says of the current spectrum: classes, labels, values, or a class a step."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.core.plausible import why_no_spectrum
from spectracnn.resources import BUNDLED, bundled_for, default_model
from spectracnn.state.document import current_entry
from spectracnn.view.contents import PredictionContents
from spectracnn.view.trust import (
    interval_words,
    is_unlike,
    is_very_unlike,
    set_words,
    shadow_class,
    typicality_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.judging import Judged
    from spectracnn.core.reading import Reading
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.selection import Selection

_NOTHING = np.zeros(0, np.float32)
_MOST_VALUES = 200

LINEAR = "Linear model"
"""How the line about the linear model on the same input begins."""


def prediction(document: Document, selection: Selection) -> PredictionContents:
    """Return the bars or values of the current spectrum."""
    entry, model = current_entry(document, selection), document.model
    if entry is None:
        return PredictionContents((), _NOTHING, "", "Open a spectrum to classify it.")
    if entry.refusal:
        return PredictionContents((), _NOTHING, "Not classified", entry.refusal)
    trace = document.traces.get(entry.id)
    # The maps and the bars must tell of the same pass.
    shown = trace.probabilities if trace is not None else entry.probabilities
    output = trace.output if trace is not None else entry.outputs
    if shown is None or model is None:
        return PredictionContents((), _NOTHING, "", "The network has not answered yet.")
    reading = model.reading
    what_if = _what_if(entry, len(selection.muted), selection.weight_edits)
    short = _short_network(model, entry)
    if reading.is_values:
        notes = "\n".join(part for part in (entry.spectrum.cut_off, what_if) if part)
        return _values(model, output, notes, _judged(trace, entry, plain=True), document.level)
    details = [part for part in (entry.spectrum.cut_off, what_if, short) if part]
    reason = why_no_spectrum(entry.original or entry.spectrum)
    if reason:
        details.append(f"This is not a spectrum: {reason}. The network's output is meaningless.")
    if output is not None:
        details += [part for part in (reading.doubt(output), _along(reading, output)) if part]
    order = _order(reading, shown)
    reference = entry.before if entry.is_edited else entry.probabilities
    changed = entry.is_edited or bool(selection.muted or selection.weight_edits)
    judged = _judged(trace, entry, plain=not selection.muted)
    shadow = None if judged is None or not shadow_class(model, judged) else judged.shadow
    return PredictionContents(
        tuple(model.classes[i] for i in order),
        shown[order],
        _headline(reading, shown),
        "\n".join(details),
        reference[order] if changed and reference is not None else None,
        threshold=reading.threshold if reading.single or _labels(reading) else None,
        several=_labels(reading),
        threshold_of=reading.classes[1] if reading.single else "",
        trust=_trust(model, judged, set_words(model, shown, document.level)),
        unlike=is_unlike(judged),
        grey=is_very_unlike(judged),
        shadow=None if shadow is None else shadow[order],
        level=document.level if set_words(model, shown) else None,
    )


def _short_network(model: ModelDescription, entry: Entry) -> str:
    """Return that a bundled network for few eigenvalues is at work; empty for any other."""
    spectrum = entry.original or entry.spectrum
    found = bundled_for(len(spectrum) - spectrum.flags.n_zeros)
    if found is None or found.path == default_model() or str(found.path) != model.path:
        return ""
    return (
        f"Read by the bundled network for {found.eigenvalues} eigenvalues: the usual one needs "
        f"{BUNDLED[0].eigenvalues} nonzero ones, and this spectrum has fewer."
    )


def _judged(trace: Trace | None, entry: Entry, *, plain: bool) -> Judged | None:
    """Return what is known of the spectrum; muted filters do not change it."""
    if trace is not None and (plain or entry.judged is None):
        return trace.judged
    return entry.judged


def _trust(model: ModelDescription, judged: Judged | None, outcome: str) -> str:
    lines = [outcome, typicality_words(model, judged)]
    other = shadow_class(model, judged)
    if other:
        lines.append(f"{LINEAR}: {other}")
    return "\n".join(line for line in lines if line)


def _labels(reading: Reading) -> bool:
    return reading.task is Task.MULTILABEL


def _order(reading: Reading, shown: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the classes, what is said first, then by their probability."""
    order = np.argsort(-shown, kind="stable")
    if reading.single:
        best = reading.best(shown)
        return np.array([best, 1 - best])
    return order


def _headline(reading: Reading, shown: NDArray[np.float32]) -> str:
    label = reading.describe(shown)
    if _labels(reading):
        return "No label" if not reading.labels(shown) else label
    share = 100 * float(shown[reading.best(shown)])
    if reading.task is Task.SEGMENTATION:
        return f"Mostly {label}"
    return f"{label}  {share:.1f} %"


def _along(reading: Reading, output: NDArray[np.float32]) -> str:
    """Return the runs of steps of one class; empty where there is no output a step."""
    if not reading.output.per_step:
        return ""
    classes = reading.step_classes(output)
    starts = [0, *(np.flatnonzero(np.diff(classes)) + 1).tolist(), len(classes)]
    runs = [
        f"{reading.classes[classes[first]]} {first}\u2013{end - 1}"
        for first, end in pairwise(starts)
    ]
    listed = ", ".join(runs[:6]) + (" \u2026" if len(runs) > 6 else "")
    return f"Along the steps: {listed}. The bars are means over all {len(classes)} steps."


def _values(
    model: ModelDescription,
    output: NDArray[np.float32] | None,
    what_if: str,
    judged: Judged | None,
    level: float,
) -> PredictionContents:
    reading = model.reading
    if output is None:
        return PredictionContents((), _NOTHING, "", "The network has not answered yet.")
    values = reading.values(output)[:_MOST_VALUES]
    steps = len(reading.rows(output[None])[0])
    details = [what_if] if what_if else []
    if steps > 1:
        details.append(f"Means over {steps} steps; the last layer's panel shows each step.")
    if reading.output.width > _MOST_VALUES:
        details.append(f"The first {_MOST_VALUES} of {reading.output.width} values.")
    texts = tuple(reading.with_unit(value) for value in values)
    interval = interval_words(model, float(values[0]), level) if len(values) == 1 else ""
    return PredictionContents(
        reading.classes[: len(values)],
        values,
        texts[0] if len(texts) == 1 else f"{reading.output.width} values",
        "\n".join(details),
        texts=texts,
        trust=_trust(model, judged, interval),
        unlike=is_unlike(judged),
        grey=is_very_unlike(judged),
        level=level if model.card.conformal and len(values) == 1 else None,
    )


def _what_if(entry: Entry, n_muted: int, weights: tuple[WeightEdit, ...]) -> str:
    """Return in what way this is not the network's answer to the file."""
    parts = ["edited spectrum"] if entry.is_edited else []
    if n_muted:
        parts.append("one filter muted" if n_muted == 1 else f"{n_muted} filters muted")
    if weights:
        parts.append("weights edited")
    return f"What if: {', '.join(parts)}. Ticks mark the original answer." if parts else ""
