"""What is asked about a sample, and how an answer is put together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.view.inspect.activations import activation_of
from spectracnn.view.inspect.records import Check, Inspection, Line
from spectracnn.view.inspect.sources import sources, value_at
from spectracnn.view.inspect.vectors import softmax

if TYPE_CHECKING:
    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace
    from spectracnn.core.weights import LayerWeights
    from spectracnn.state.selection import Sample
    from spectracnn.view.inspect.records import Body
    from spectracnn.view.inspect.sources import LayerInput


@dataclass(frozen=True, eq=False)
class Case:
    """One sample of a layer, with all that its arithmetic needs.

    Parameters
    ----------
    description, trace, weights, sample, muted
        As for `spectracnn.view.inspect.arithmetic.inspect`.
    """

    description: ModelDescription
    trace: Trace
    weights: LayerWeights
    sample: Sample
    muted: bool = False

    @property
    def info(self) -> LayerInfo:
        """Of the sample's layer."""
        return self.description.layers[self.sample.layer]

    @cached_property
    def given(self) -> tuple[LayerInput, ...]:
        """What the layer reads."""
        return sources(self.description, self.trace, self.sample.layer)

    @property
    def unit(self) -> int:
        """Place along the layer's last axis."""
        return self.sample.channel if len(self.info.output_shape) > 1 else self.sample.step

    @property
    def value(self) -> float:
        """The network's own."""
        return value_at(self.trace.layers[self.sample.layer].output, self.sample)

    def inspection(
        self, sentence: str, lines: list[Line], size: float, body: Body | None = None, **more: Any
    ) -> Inspection:
        """Return the inspection whose last line is the value.

        Parameters
        ----------
        sentence : str
            What the layer does.
        lines : list of Line
            From the terms to the value.
        size : float
            Sum of the magnitudes of the terms.
        body : Convolution, Pooling or Contributions, optional
            The terms.
        **more
            Further fields.
        """
        computed = lines[-1].value
        if self.muted:
            lines = [*lines, Line("\u2192", "muted: passed on as", 0.0, strong=True)]
            computed = 0.0
        check = Check(computed, self.value, size)
        return Inspection(self.sample, "", "", sentence, body, None, tuple(lines), check, **more)

    def activated(
        self, sentence: str, lines: list[Line], size: float, body: Body | None = None
    ) -> Inspection:
        """Return the inspection of a layer that may apply an activation to the last line."""
        name, before = self.info.activation, lines[-1].value
        if name in ("", "linear"):
            return self.inspection(sentence, lines, size, body)
        if name == "softmax":
            return self.shared(sentence, lines, size, body)
        known = activation_of("", name, self.weights.settings)
        if known is None:
            return self._unknown(sentence, lines, size, body)
        name, call = known
        after = Line("\u2192", f"after {name}", call(before), strong=True)
        return self.inspection(
            sentence,
            [*lines, after],
            size,
            body,
            activation=name,
            function=call,
            before=before,
        )

    def shared(
        self, sentence: str, lines: list[Line], size: float, body: Body | None = None
    ) -> Inspection:
        """Return the inspection of a score that becomes a probability beside the others."""
        layer = self.trace.layers[self.sample.layer]
        scores = layer.before if layer.before is not None else self.given[0].values
        row = np.array(scores if scores.ndim < 2 else scores[self.sample.step], np.float64)
        row[self.unit] = lines[-1].value
        result = softmax(row, self.unit, self.description.classes)
        after = Line("\u2192", "after softmax", float(result.probabilities[self.unit]), strong=True)
        # An error of a logit is an error of as much, relative to its probability.
        inspection = self.inspection(sentence, [*lines, after], max(size, 1.0), body)
        return Inspection(**{**vars(inspection), "softmax": result})

    def _unknown(
        self, sentence: str, lines: list[Line], size: float, body: Body | None
    ) -> Inspection:
        """Check what an activation that is not known here was given."""
        before = self.trace.layers[self.sample.layer].before
        after = Line("\u2192", f"the network's value after {self.info.activation}", self.value)
        own = float("nan") if before is None else value_at(before, self.sample)
        check = None if before is None else Check(lines[-1].value, own, size)
        lines = [*lines, after]
        return Inspection(self.sample, "", "", sentence, body, None, tuple(lines), check)
