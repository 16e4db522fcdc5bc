"""Requests about networks, as plain records: what is asked, of which spectra, with what changed.

They are made in ``state`` and done by the engine's process; what crosses between is pickled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spectracnn.core.attribution import AttributionOptions
from spectracnn.core.features import Axes, Reduction

if TYPE_CHECKING:
    from spectracnn.core.attribution import Method
    from spectracnn.core.card import ModelCard
    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.weight_edits import WeightEdit


@dataclass(frozen=True, eq=False)
class OpenModel:
    """Open this model; the answer is a `ModelDescription`. If it fails, the open one stays open.

    Parameters
    ----------
    path : str
        The file.
    card : ModelCard, optional
        Used instead of the one beside the file.
    memory_limit : int or None
        Bytes that loading may take, where the system can tell; None for no limit.
    time_limit : float or None
        Seconds that opening may take, from when the process begins it; None for no limit.
    length : int, optional
        How many values to take where neither the network nor a card says so; without it, such a
        network is refused.
    sha256 : str
        Of the file as it was; a question about a model whose file is another now is refused.
    """

    path: str
    card: ModelCard | None = None
    memory_limit: int | None = 6 << 30
    time_limit: float | None = 120.0
    length: int | None = None
    sha256: str = ""


@dataclass(frozen=True, eq=False)
class TraceSpectrum:
    """Run one spectrum; the answer is a `Trace`.

    Parameters
    ----------
    spectrum : Spectrum
        From the file.
    companions : tuple of Spectrum
        For a model of several structures: the spectra of the same subject. Where this spectrum
        itself is among them, they stand in the file's order; else it goes before them.
    muted : tuple of (int, int)
        Layers and channels whose output is set to 0 on the way.
    input_edits : tuple of Edit
        Of these, the ones that act on the model's input are applied after preprocessing.
    model : OpenModel, optional
        Which model, with which card; the current one without it, which stays current.
    weight_edits : tuple of WeightEdit
        Weights that the network has for this request only.
    contributions, similarity, flows : bool
        Also say how much each channel speaks for the predicted class, which are alike, and how
        the class's score flows from layer to layer.
    """

    spectrum: Spectrum
    companions: tuple[Spectrum, ...] = ()
    muted: tuple[tuple[int, int], ...] = ()
    input_edits: tuple[Edit, ...] = ()
    model: OpenModel | None = None
    weight_edits: tuple[WeightEdit, ...] = ()
    contributions: bool = False
    similarity: bool = False
    flows: bool = False


@dataclass(frozen=True, eq=False)
class PredictSpectra:
    """Classify spectra; the answers come in parts, the last is `Predictions` of all.

    Parameters
    ----------
    spectra : tuple of Spectrum
        From files.
    model : OpenModel, optional
        Which model, with which card; the current one without it, which stays current.
    weight_edits : tuple of WeightEdit
        Weights that the network has for this request only.
    """

    spectra: tuple[Spectrum, ...]
    model: OpenModel | None = None
    weight_edits: tuple[WeightEdit, ...] = ()


@dataclass(frozen=True)
class WeightsOf:
    """Describe the weights of one layer; the result is a `LayerWeights`.

    Parameters
    ----------
    layer : int
        Index in ``ModelDescription.layers``.
    weight_edits : tuple of WeightEdit
        Weights that the network has for this request only.
    """

    layer: int
    weight_edits: tuple[WeightEdit, ...] = ()


@dataclass(frozen=True)
class SnapshotEdits:
    """Read the weights of an epoch of a training; the result is a tuple of `WeightEdit`.

    Parameters
    ----------
    path : str
        The ``.npz`` file, whose arrays are in the order of ``Model.get_weights()`` of the current
        model.
    caption : str
        Of the edits, such as ``epoch 12``.
    """

    path: str
    caption: str = ""


@dataclass(frozen=True, eq=False)
class AttributeSpectrum:
    """Say which input samples drive a class; the answer is an `Attribution`.

    Parameters
    ----------
    spectrum : Spectrum
        From the file.
    method : Method
        How.
    target : int or None
        Which class; None for the predicted one.
    options : AttributionOptions
        With what.
    companions : tuple of Spectrum
        For a model of several structures: the other spectra of the same subject.
    muted : tuple of (int, int)
        Layers and channels whose output is set to 0 on the way.
    input_edits : tuple of Edit
        Of these, the ones that act on the model's input are applied after preprocessing.
    weight_edits : tuple of WeightEdit
        Weights that the network has for this request only.
    """

    spectrum: Spectrum
    method: Method
    target: int | None = None
    options: AttributionOptions = field(default_factory=AttributionOptions)
    companions: tuple[Spectrum, ...] = ()
    muted: tuple[tuple[int, int], ...] = ()
    input_edits: tuple[Edit, ...] = ()
    weight_edits: tuple[WeightEdit, ...] = ()


@dataclass(frozen=True, eq=False)
class MapsOnShape:
    """Paint a decision on a shape; the answer is its `SurfaceMaps` and the class they are about.

    Parameters
    ----------
    path : str
        The mesh.
    count : int
        How many eigenvalues are computed of it.
    target : int or None
        Which class; None for the predicted one.
    spectrum : Spectrum or None
        The open spectrum of this shape, which says whose and which structure it is.
    companions : tuple of Spectrum
        For a model of several structures: all spectra of the same subject.
    """

    path: str
    count: int = 200
    target: int | None = None
    spectrum: Spectrum | None = None
    companions: tuple[Spectrum, ...] = ()


@dataclass(frozen=True, eq=False)
class CheckAttribution:
    """Say how far an attribution is to be believed; the answer is an `AttributionChecks`.

    Parameters
    ----------
    asked : AttributeSpectrum
        The request for the attribution itself.
    """

    attribution: AttributeSpectrum

    @property
    def weight_edits(self) -> tuple[WeightEdit, ...]:
        """Weights that the network has for this request only."""
        return self.attribution.weight_edits


@dataclass(frozen=True, eq=False)
class OverSpectra:
    """What requests about a group of spectra have in common.

    Parameters
    ----------
    spectra : tuple of Spectrum
        From files.
    muted : tuple of (int, int)
        Layers and channels whose output is set to 0 on the way.
    input_edits : tuple of tuple of Edit
        Those of each spectrum, as of `TraceSpectrum`; empty for none at all.
    weight_edits : tuple of WeightEdit
        Weights that the network has for this request only.
    """

    spectra: tuple[Spectrum, ...]
    muted: tuple[tuple[int, int], ...] = field(default=(), kw_only=True)
    input_edits: tuple[tuple[Edit, ...], ...] = field(default=(), kw_only=True)
    weight_edits: tuple[WeightEdit, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, eq=False)
class TraceMean(OverSpectra):
    """Average the traces of a group of spectra; the answer is a `Trace` of means.

    Refused spectra are left out; if all are, the request fails. Parameters as of `OverSpectra`.
    """


@dataclass(frozen=True, eq=False)
class CollectFeatures(OverSpectra):
    """One layer's output for many spectra; the answers come in parts, the last is `Features`.

    Parameters
    ----------
    layer : int
        Index in ``ModelDescription.layers``, or ``INPUT``.
    reduction : Reduction
        How the output becomes a vector.
    axes : Axes, optional
        Onto which the vectors are projected before they are sent back.
    spectra, muted, input_edits, weight_edits
        As of `OverSpectra`.
    """

    layer: int
    reduction: Reduction = Reduction.FLAT
    axes: Axes | None = None
