"""A Keras model in this process, for notebooks and scripts."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.api.attributions import Attributions
from spectracnn.api.html import table
from spectracnn.api.predictions import Predictions
from spectracnn.api.traces import Traces
from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.errors import AttributionError, ModelError
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.prediction_requests import prediction_requests
from spectracnn.state.requests import attribution_request, trace_request
from spectracnn.state.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spectracnn.core.card import ModelCard
    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.core.weight_edits import WeightEdit
    from spectracnn.nn.loaded_model import LoadedModel

    Spectra = Spectrum | Iterable[Spectrum]
    Muted = Iterable[tuple[int | str, int]]


class Model:
    """An open model; made by `open_model`.

    Attributes
    ----------
    description : ModelDescription
        Layers, shapes, receptive fields, classes.
    card : ModelCard
        How spectra become its input, and what its outputs mean.
    """

    def __init__(self, loaded: LoadedModel, threshold: float | None = None) -> None:
        self._loaded, found = loaded, loaded.description
        if threshold is not None:
            found = replace(found, card=replace(found.card, threshold=threshold))
        self._description = found

    @property
    def description(self) -> ModelDescription:
        """Layers, shapes, receptive fields, classes."""
        return self._description

    @property
    def card(self) -> ModelCard:
        """How spectra become its input, and what its outputs mean."""
        return self.description.card

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the outputs."""
        return self.description.classes

    def __repr__(self) -> str:
        found = self.description
        return (
            f"<Model {found.name!r}: {len(found.layers)} layers, {found.n_params} parameters, "
            f"input {' x '.join(map(str, found.input_shape))}, {len(found.classes)} classes>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (
                layer.name,
                layer.layer_class,
                " × ".join(map(str, layer.output_shape)),
                layer.n_params,
            )
            for layer in self.description.layers
        ]
        return table(repr(self)[1:-1], ("layer", "kind", "output", "parameters"), rows, len(rows))

    def predict(self, spectra: Spectra, *, edits: Sequence[Edit] = ()) -> Predictions:
        """Return what the model says of spectra; of one that it refuses, why.

        Parameters
        ----------
        spectra : Spectrum or iterable of Spectrum
            For a model of several structures, with all structures of each subject.
        edits : sequence of Edit
            Done to each spectrum first; only those of eigenvalues, others need `trace`.

        Returns
        -------
        Predictions
            In the order of the spectra.
        """
        document = self.document(spectra, edits)
        made = prediction_requests(document)
        names = tuple(entry.spectrum.name for entry in document.entries)
        classes, columns = self.classes, len(self.classes)
        reading = self.description.reading
        if made is None:
            nothing = np.zeros((0, columns), np.float32)
            return Predictions(names, classes, nothing, nothing, (), reading)
        if any(entry.is_edited for entry in document.entries):
            traces = self.trace(spectra, edits=edits)
            outputs = np.stack([trace.output for trace in traces.items])
            return Predictions(
                names, classes, traces.probabilities, outputs, (None,) * len(names), reading
            )
        found = self.perform(made.request)
        rows = {entry.id: row for row, entry in enumerate(made.entries)}
        order = [rows[entry.id] for entry in document.entries]
        errors = tuple(found.errors[row] for row in order)
        return Predictions(
            names, classes, found.probabilities[order], found.outputs[order], errors, reading
        )

    def trace(
        self,
        spectra: Spectra,
        *,
        current: int | None = None,
        edits: Sequence[Edit] = (),
        muted: Muted = (),
        weights: Iterable[WeightEdit] = (),
    ) -> Traces:
        """Return every layer's output for spectra.

        Parameters
        ----------
        spectra : Spectrum or iterable of Spectrum
            For a model of several structures, with all structures of each subject.
        current : int, optional
            Which of them; the others only go in along with it. All without it.
        edits : sequence of Edit
            Done to each of these first, or to the model's input.
        muted : iterable of (layer, channel)
            Filters whose output is set to 0 on the way; a layer is its name or its place.
        weights : iterable of WeightEdit
            Weights in the place of the model's own.

        Raises
        ------
        PreprocessingError
            If the model cannot take a spectrum.
        """
        document = self.document(spectra, edits, current)
        selection = self.selection(muted, weights=weights)
        return self.traces_of(document, selection, _chosen(document.entries, current))

    def explain(
        self,
        spectra: Spectra,
        method: str | Method = Method.INTEGRATED_GRADIENTS,
        *,
        target: int | str | None = None,
        current: int | None = None,
        edits: Sequence[Edit] = (),
        muted: Muted = (),
        weights: Iterable[WeightEdit] = (),
        **options: Any,
    ) -> Attributions:
        """Return how much each input sample speaks for a class.

        Parameters
        ----------
        spectra : Spectrum or iterable of Spectrum
            For a model of several structures, with all structures of each subject.
        method : str or Method
            ``integrated-gradients``, ``gradient-input``, ``smoothgrad``, ``grad-cam``,
            ``grad-cam-signed``, ``occlusion`` or ``expected-gradients``.
        target : int or str, optional
            The class, by its place or its name; the predicted one without it.
        current, edits, muted, weights
            As of `trace`.
        **options
            Fields of `AttributionOptions`: ``steps``, ``noise``, ``samples``, ``window``,
            ``layer``, ``seed``.

        Raises
        ------
        AttributionError
            If the method, an option or the class is not known, or the method cannot be used here.
        """
        document = self.document(spectra, edits, current)
        selection = self.selection(muted, weights=weights)
        chosen = _chosen(document.entries, current)
        return self.attributions_of(document, selection, chosen, method, target, options)

    def write(self, folder: Path) -> Path:
        """Write a copy of the model's file into a folder, whether or not it came from one."""
        path = folder / f"{Path(self.description.path).stem or 'model'}.keras"
        source = Path(self.description.path)
        if source.is_file():
            path = path.with_suffix(source.suffix)
            shutil.copyfile(source, path)
        else:
            self._loaded.network.model.save(path)
        return path

    # --- for the rest of the API -------------------------------------------------------------

    def document(
        self, spectra: Spectra, edits: Sequence[Edit] = (), current: int | None = None
    ) -> Document:
        """Return the spectra with this model as the document that the window would hold."""
        entries = [Entry(place, one) for place, one in enumerate(as_list(spectra), 1)]
        if edits:
            for entry in _chosen(entries, current):
                entries[entry.id - 1] = entry.with_edits(tuple(edits))
        return Document(tuple(entries), self.description, opened=1)

    def selection(self, muted: Muted = (), *, weights: Iterable[WeightEdit] = ()) -> Selection:
        """Return what would be chosen in the window."""
        places = frozenset((self.layer_place(layer), int(channel)) for layer, channel in muted)
        return Selection(muted=places, weight_edits=tuple(weights))

    def traces_of(
        self, document: Document, selection: Selection, entries: Iterable[Entry]
    ) -> Traces:
        """Return every layer's output for some of a document's entries."""
        items, names = [], []
        for entry in entries:
            made = trace_request(document, selection, entry.id)
            if made is not None:
                items.append(self.perform(made.request))
                names.append(entry.spectrum.name)
        layers = tuple(layer.name for layer in self.description.layers)
        return Traces(tuple(names), self.classes, tuple(items), layers, self.description.reading)

    def attributions_of(
        self,
        document: Document,
        selection: Selection,
        entries: Iterable[Entry],
        method: str | Method,
        target: int | str | None,
        options: dict[str, Any],
    ) -> Attributions:
        """Return the attributions of some of a document's entries; the rest as of `explain`."""
        how, place = _method(method), self.class_place(target)
        if isinstance(options.get("layer"), str):
            options = {**options, "layer": self.layer_place(options["layer"])}
        try:
            given = AttributionOptions(**options)
        except TypeError as error:
            raise AttributionError(
                f"{error}.".replace("AttributionOptions.__init__()", how)
            ) from error
        items, names = [], []
        for entry in entries:
            chosen = replace(selection, current=entry.id)
            made = attribution_request(document, chosen, how, place, given)
            if made is not None:
                items.append(self.perform(made.request))
                names.append(entry.spectrum.name)
        return Attributions(tuple(names), self.classes, tuple(items))

    def traced(
        self,
        document: Document,
        selection: Selection,
        attribution: tuple[str | Method, int | str | None, dict[str, Any]] | None = None,
    ) -> Document:
        """Return a document with the current spectrum's trace, and attribution where wanted."""
        made = trace_request(document, selection)
        if made is None:
            return document
        trace = self.perform(made.request)
        (entry,) = made.entries
        known = replace(entry, probabilities=trace.probabilities, outputs=trace.output)
        document = document.with_entries([known]).with_trace(entry.id, trace)
        if attribution is None:
            return document
        method, target, options = attribution
        wanted = attribution_request(
            document,
            selection,
            _method(method),
            self.class_place(target),
            AttributionOptions(**options),
        )
        found = None if wanted is None else self.perform(wanted.request)
        return replace(document, attribution=found)

    def perform(self, request: Any) -> Any:
        """Return the answer to a request, as the engine would give it."""
        from spectracnn.engine.process import perform

        return perform(self._loaded, request)

    def layer_place(self, layer: int | str) -> int:
        """Return the place of a layer in forward order."""
        names = [info.name for info in self.description.layers]
        if isinstance(layer, str):
            if layer not in names:
                raise ModelError(f"The model has no layer '{layer}'; it has {', '.join(names)}.")
            return names.index(layer)
        return int(layer)

    def class_place(self, target: int | str | None) -> int | None:
        """Return the place of a class among the outputs; None for the predicted one."""
        if not isinstance(target, str):
            return target
        if target not in self.classes:
            known = ", ".join(self.classes)
            raise AttributionError(f"The model has no class '{target}'; it has {known}.")
        return self.classes.index(target)


def as_list(spectra: Any) -> list[Spectrum]:
    """Return one or several spectra as a list."""
    return [spectra] if hasattr(spectra, "eigenvalues") else list(spectra)


def _method(method: str | Method) -> Method:
    try:
        return Method(method)
    except ValueError:
        known = ", ".join(Method)
        raise AttributionError(f"There is no method '{method}'; there are {known}.") from None


def _chosen(entries: Sequence[Entry], current: int | None) -> Sequence[Entry]:
    """Return the entry at a place, all without one."""
    if current is None:
        return tuple(entries)
    if not 0 <= current < len(entries):
        raise ModelError(f"There is no spectrum {current}; there are {len(entries)}.")
    return (entries[current],)
