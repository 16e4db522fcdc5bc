"""All that is open in a window, without the window: what each of its views computes."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.cohort import Cohort
from spectracnn.api.comparison import Comparison, WhatIf
from spectracnn.api.figure import draw
from spectracnn.api.filters import Filters, Statistics
from spectracnn.api.points import Features, Points
from spectracnn.api.result import channels_last, class_name
from spectracnn.api.shape import ShapeMaps
from spectracnn.core.features import INPUT, Reduction
from spectracnn.core.logits import logits
from spectracnn.errors import ModelError
from spectracnn.figures.style import make_style
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.group_requests import compare_request, features_request
from spectracnn.state.prediction_requests import prediction_requests
from spectracnn.state.requests import shape_maps_request, trace_request, weights_request
from spectracnn.state.selection import Sample, Selection
from spectracnn.view.embedding import principal_components, shape_dna
from spectracnn.view.filters import filter_bank
from spectracnn.view.inspect.arithmetic import inspect
from spectracnn.view.statistics import layer_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.figure import Figure

    from spectracnn.api.attributions import Attributions
    from spectracnn.api.model import Model, Muted
    from spectracnn.api.traces import Traces
    from spectracnn.core.attribution import Method
    from spectracnn.core.edits import Edit
    from spectracnn.core.flows import Flows
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import Trace
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.core.weights import LayerWeights
    from spectracnn.figures.style import ThemeName
    from spectracnn.view.inspect.records import Inspection


class Scene:
    """Spectra with their edits, a model with muted filters and edited weights.

    Its methods compute what the window's views show, by the same code. A spectrum is named by its
    place among ``spectra``, a layer by its name or place.

    Parameters
    ----------
    spectra : iterable of Spectrum
        As they were read.
    model : Model
        The network.
    edits : mapping of int to sequence of Edit, optional
        What was done to a spectrum, by its place.
    muted : iterable of (layer, channel)
        Filters whose output is set to 0 on the way.
    weights : iterable of WeightEdit
        Weights in the place of the model's own.

    Examples
    --------
    >>> import spectracnn as sc
    >>> scene = sc.Scene(sc.read(sc.samples()[:2]), sc.open_model())
    >>> scene.compare(0, 1).layer_names[0]
    'conv1'
    """

    def __init__(
        self,
        spectra: Iterable[Spectrum],
        model: Model,
        *,
        edits: Mapping[int, Sequence[Edit]] | None = None,
        muted: Muted = (),
        weights: Iterable[WeightEdit] = (),
    ) -> None:
        entries = [Entry(place, one) for place, one in enumerate(spectra, 1)]
        for place, done in (edits or {}).items():
            entries[place] = entries[place].with_edits(tuple(done))
        self.model = model
        self._document = Document(tuple(entries), model.description, opened=1)
        self._selection = model.selection(muted, weights=weights)

    @property
    def spectra(self) -> tuple[Spectrum, ...]:
        """With their edits."""
        return tuple(entry.spectrum for entry in self._document.entries)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the spectra."""
        return tuple(spectrum.name for spectrum in self.spectra)

    def trace(self, place: int) -> Traces:
        """Return every layer's output for one spectrum."""
        return self.model.traces_of(self._document, self._selection, [self._entry(place)])

    def explain(
        self, place: int, method: str | Method, *, target: int | str | None = None, **options: Any
    ) -> Attributions:
        """Return how much each input sample speaks for a class; as `Model.explain`."""
        entry = self._entry(place)
        return self.model.attributions_of(
            self._document, self._selection, [entry], method, target, options
        )

    def compare(self, first: int | Sequence[int], second: int | Sequence[int]) -> Comparison:
        """Return the difference between two spectra, or the means of two groups."""
        traces, names = [], []
        for side in (first, second):
            places = [side] if isinstance(side, int) else list(side)
            entries = [self._entry(place) for place in places]
            ids = tuple(entry.id for entry in entries)
            made = compare_request(self._document, self._selection, ids)
            if made is None:
                raise ModelError("A side of a comparison needs at least one spectrum.")
            traces.append(self.model.perform(made.request))
            several = len(entries) > 1
            names.append(f"mean of {len(entries)} spectra" if several else entries[0].spectrum.name)
        return Comparison((names[0], names[1]), traces[0], traces[1], self.model.description)

    def what_if(self, place: int) -> WhatIf:
        """Return what the model says of a spectrum as it was read, and as it is here."""
        entry = self._entry(place)
        read = [one.as_read for one in self._document.entries]
        plain = Document(tuple(read), self.model.description, opened=1)
        before = self._traced(plain, Selection(), entry.id)
        after = self._traced(self._document, self._selection, entry.id)
        return WhatIf(entry.spectrum.name, self.model.classes, before, after)

    def features(self, layer: int | str, reduction: str | Reduction = Reduction.FLAT) -> Features:
        """Return one vector a spectrum.

        Parameters
        ----------
        layer : int or str
            Which layer; -1 for the model's input.
        reduction : {'flat', 'mean over steps', 'maximum over steps'}
            How a layer's output becomes a vector.
        """
        place = self.model.layer_place(layer)
        made = features_request(self._document, self._selection, place, Reduction(reduction))
        if made is None:
            raise ModelError("There are no spectra.")
        found = self.model.perform(made.request)
        name = "model's input" if place == INPUT else self.model.description.layers[place].name
        return Features(self.names, name, found.values, found.errors)

    def embedding(self, layer: int | str, reduction: str | Reduction = Reduction.FLAT) -> Points:
        """Return the spectra as points: principal components of `features`."""
        features = self.features(layer, reduction)
        found = principal_components(features.values)
        return Points(features, found, shape_dna(self.spectra), self._predicted)

    def statistics(self, place: int, layer: int | str) -> Statistics:
        """Return what a layer's filters do, on one spectrum and over all."""
        at = self.model.layer_place(layer)
        info = self.model.description.layers[at]
        maxima = self.features(at, Reduction.MAX)
        trace = self._traced(self._document, self._selection, self._entry(place).id)
        values = channels_last(trace.layers[at].output)
        found = layer_statistics(values, maxima.values, rectified=info.rectified)
        return Statistics(info.name, found, maxima)

    def weights(self, layer: int | str) -> LayerWeights:
        """Return a layer's weights and settings."""
        made = weights_request(
            self._document, self.model.layer_place(layer), self._selection.weight_edits
        )
        assert made is not None  # there is a model
        found: LayerWeights = self.model.perform(made.request)
        return found

    def filters(
        self,
        place: int,
        layer: int | str,
        *,
        contributions: bool = False,
        target: int | str | None = None,
    ) -> Filters:
        """Return a layer's filters and what they are worth.

        Parameters
        ----------
        place : int
            The spectrum, for the mean activations.
        layer : int or str
            Which layer; it slides filters along the spectrum.
        contributions : bool
            Whether each filter is muted in turn, to see by how much a class's logit falls.
        target : int or str, optional
            Which class; the predicted one without it.

        Raises
        ------
        ModelError
            If the layer has no filters that slide along the spectrum.
        """
        at, entry = self.model.layer_place(layer), self._entry(place)
        trace = self._traced(self._document, self._selection, entry.id)
        falls = self._falls(entry.id, trace, at, target) if contributions else {}
        bank = filter_bank(self.model.description.layers[at], self.weights(at), trace, falls)
        if bank is None:
            name = self.model.description.layers[at].name
            raise ModelError(f"The layer '{name}' has no filters that slide along the spectrum.")
        return Filters(bank)

    def shape_maps(
        self,
        place: int,
        mesh: str | os.PathLike[str],
        *,
        count: int = 200,
        target: int | str | None = None,
    ) -> ShapeMaps:
        """Return where on a shape the decision comes from, by the network without any change.

        Parameters
        ----------
        place : int
            The spectrum of the shape.
        mesh : path
            The shape; its eigenfunctions are computed.
        count : int
            How many.
        target : int or str, optional
            The class; the predicted one without it.

        Raises
        ------
        SpectraCNNError
            If the file is no mesh, or the model cannot take its spectrum.
        """
        file, chosen = os.fspath(mesh), self.model.class_place(target)
        entry = self._entry(place)
        made = shape_maps_request(self._document, entry.id, file, count, chosen)
        assert made is not None  # there are a model and the entry
        maps, found = self.model.perform(made.request)
        return ShapeMaps(file, class_name(self.model.classes, found), maps)

    def flows(self, place: int) -> Flows:
        """Return how the score of the predicted class flows from layer to layer.

        Raises
        ------
        ModelError
            If it is not defined for this network.
        """
        shown = replace(self._selection, overview=True)
        trace = self._traced(self._document, shown, self._entry(place).id)
        if trace.insight is None or trace.insight.flows is None:
            raise ModelError("How the score flows is not defined for this network.")
        return trace.insight.flows

    def figure(
        self,
        panel: str | int = "all",
        place: int = 0,
        *,
        overlaid: Iterable[int] = (),
        method: str | Method | None = None,
        target: int | str | None = None,
        view: Selection | None = None,
        theme: ThemeName = "light",
        size: tuple[int, int] | None = None,
        dpi: float = 100,
        **options: Any,
    ) -> Figure:
        """Draw what the window's panels show; as `spectracnn.figure`.

        Parameters
        ----------
        panel : {'all', 'layers', 'spectrum', 'prediction', 'attribution'}, or a layer
            What to draw.
        place : int
            The spectrum whose maps are shown.
        overlaid : iterable of int
            Spectra that are drawn beside it in the plot of the spectrum.
        method, target, options
            For the attribution, as of `explain`.
        view : Selection, optional
            How things are shown.
        theme, size, dpi
            As of `spectracnn.figure`.
        """
        drawn = frozenset(self._entry(one).id for one in (place, *overlaid))
        shown = replace(
            view or Selection(),
            current=self._entry(place).id,
            overlaid=drawn,
            hovered=None,
            muted=self._selection.muted,
            weight_edits=self._selection.weight_edits,
        )
        style = make_style(theme, dpi=dpi, size=size)
        how = None if method is None and panel != "attribution" else (method, target, options)
        return draw(self._document, shown, self.model, panel, how, style)

    def inspect(self, place: int, layer: int | str, step: int, channel: int = 0) -> Inspection:
        """Return how one number of a layer's output is computed."""
        at, entry = self.model.layer_place(layer), self._entry(place)
        trace = self._traced(self._document, self._selection, entry.id)
        vector = len(self.model.description.layers[at].output_shape) == 1
        muted = (at, step if vector else channel) in self._selection.muted
        sample = Sample(at, step, channel)
        return inspect(self.model.description, trace, self.weights(at), sample, muted=muted)

    def cohort(
        self,
        table: str | os.PathLike[str] | None = None,
        *,
        id_column: str = "",
        labels: Mapping[int, str] | None = None,
    ) -> Cohort:
        """Return the spectra with a table of participants.

        Parameters
        ----------
        table : path, optional
            A CSV, TSV, Parquet or Excel file, a row a participant.
        id_column : str
            The column that names the rows; whichever matches without it.
        labels : mapping of int to str, optional
            Labels that were typed, by the place of the spectrum.

        Raises
        ------
        FileFormatError
            If the table cannot be read.
        """
        return Cohort(
            self._document, self._selection, self.model, table, id_column=id_column, labels=labels
        )

    # --- within ------------------------------------------------------------------------------

    def _entry(self, place: int) -> Entry:
        entries = self._document.entries
        if not 0 <= place < len(entries):
            raise ModelError(f"There is no spectrum {place}; there are {len(entries)}.")
        return entries[place]

    def _traced(self, document: Document, selection: Selection, entry_id: int) -> Trace:
        made = trace_request(document, selection, entry_id)
        assert made is not None  # there are a model and the entry
        found: Trace = self.model.perform(made.request)
        return found

    def _falls(
        self, entry_id: int, trace: Trace, layer: int, target: int | str | None
    ) -> dict[int, float]:
        description = self.model.description
        chosen = self.model.class_place(target)
        best = description.reading.best(trace.probabilities) if chosen is None else chosen
        before = logits(description, trace)
        falls = {}
        for channel in range(description.layers[layer].output_shape[-1]):
            mute = ((layer, channel),)
            made = trace_request(self._document, self._selection, entry_id, mute=mute)
            assert made is not None
            falls[channel] = float(
                (before - logits(description, self.model.perform(made.request)))[best]
            )
        return falls

    @cached_property
    def _predicted(self) -> Document:
        """The spectra with what the model says of each, for colours."""
        made = prediction_requests(self._document)
        if made is None:
            return self._document
        found = self.model.perform(made.request)
        rows = zip(made.entries, found.probabilities, found.outputs, found.errors, strict=True)
        known = [
            replace(entry, probabilities=shares, outputs=output)
            for entry, shares, output, error in rows
            if error is None and np.isfinite(output).all()
        ]
        return self._document.with_entries(known)
