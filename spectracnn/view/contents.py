"""What each panel shows. Frozen, free of Qt: the window and the exported figures draw the same.

Parts that change with the pointer (``...Marks``) are apart from those that do not, so that a panel
which sees the identical object again need not redraw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo
    from spectracnn.state.selection import LayerOptions, Sample
    from spectracnn.view.attribution_picture import AttributionPicture
    from spectracnn.view.pictures import (
        LayerMarks,
        LayerPicture,
        Range,
        SpectrumMarks,
        SpectrumPicture,
    )


@dataclass(frozen=True, eq=False)
class LayerContents:
    """One layer's panel.

    Parameters
    ----------
    index : int
        In ``ModelDescription.layers``.
    info : LayerInfo
        Of the layer.
    title, subtitle : str
        Name; class, shape, receptive field.
    options : LayerOptions
        How it is shown.
    picture : LayerPicture or None
        None while there is no trace.
    marks : LayerMarks
        What follows the pointer.
    has_before : bool
        Whether there is a fused activation to look behind.
    muted : tuple of int
        Channels that are set to 0 on the way.
    missing : str
        Why there is no picture; empty where there is one.
    """

    index: int
    info: LayerInfo
    title: str
    subtitle: str
    options: LayerOptions
    picture: LayerPicture | None
    marks: LayerMarks
    has_before: bool = False
    muted: tuple[int, ...] = ()
    missing: str = ""


@dataclass(frozen=True, eq=False)
class PredictionContents:
    """The class bars, or the values of a regression.

    Parameters
    ----------
    classes : tuple of str
        In descending order of probability, what is said first; of a regression, of the values.
    probabilities : ndarray, shape (classes,)
        Same order; of a regression the values.
    headline : str
        The decision in words.
    detail : str
        A refusal, or what to do.
    reference : ndarray, shape (classes,), or None
        Probabilities without the edits and with every filter, same order, where there are edits
        or muted filters.
    texts : tuple of str
        Of a regression, each value with its unit: there are no bars. Else empty.
    threshold : float or None
        From which probability on the second of two classes, or a label, is said.
    several : bool
        Whether each bar is a label of its own.
    threshold_of : str
        The class that the threshold is about; empty for all labels.
    trust : str
        The prediction set, and whether the spectrum is like the training data.
    unlike : bool
        Whether it is not, so that this stands out.
    grey : bool
        Whether it is so unlike that nothing should be read from the bars.
    shadow : ndarray, shape (classes,), or None
        What the linear model says, same order; of a regression none.
    level : float or None
        How often the set, or the interval, holds the truth; None where there is none.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    headline: str
    detail: str = ""
    reference: NDArray[np.float32] | None = None
    texts: tuple[str, ...] = ()
    threshold: float | None = None
    several: bool = False
    threshold_of: str = ""
    trust: str = ""
    unlike: bool = False
    grey: bool = False
    shadow: NDArray[np.float32] | None = None
    level: float | None = None

    def text(self, row: int) -> str:
        """Return the number beside a name."""
        return self.texts[row] if self.texts else f"{100 * float(self.probabilities[row]):.1f} %"

    def strong(self, row: int) -> bool:
        """Whether a row is what is said: of labels each that reaches the threshold."""
        if self.several and self.threshold is not None:
            return bool(self.probabilities[row] >= self.threshold)
        return row == 0


@dataclass(frozen=True, eq=False)
class Contents:
    """Everything the window shows beside the table.

    Parameters
    ----------
    spectrum, spectrum_marks
        The spectrum plot.
    layers : tuple of LayerContents
        In forward order.
    prediction : PredictionContents
        The class bars.
    readout : str
        One line about the sample under the pointer.
    sample : Sample or None
        Which one that is.
    index_range : Range
        Index range that shows the whole input of the model, or all of the spectra.
    attribution : AttributionPicture or None
        Which eigenvalues drive a class, where it was asked.
    explaining : bool
        Whether room is kept for an attribution, there or on its way.
    fit_layers : bool
        Whether all layers are to be seen at once.
    """

    spectrum: SpectrumPicture
    spectrum_marks: SpectrumMarks
    layers: tuple[LayerContents, ...]
    prediction: PredictionContents
    readout: str
    sample: Sample | None
    index_range: Range
    attribution: AttributionPicture | None = None
    explaining: bool = False
    fit_layers: bool = False
