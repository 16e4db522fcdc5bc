"""What the pages of the cohort window compute, without the window."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from spectracnn.core.attribution import AttributionOptions, Method
from spectracnn.core.progress import Progress
from spectracnn.errors import StudyError
from spectracnn.io.participants import read_table
from spectracnn.state.cohort_requests import attributions_request, layers_request, moments_request
from spectracnn.state.participants import Participants
from spectracnn.state.prediction_requests import prediction_requests
from spectracnn.view.cohort import attributions
from spectracnn.view.cohort.columns import answers, column
from spectracnn.view.cohort.confound_request import ConfoundRequest, SampleRequest, sample_of
from spectracnn.view.cohort.from_document import TestRequest, study_of
from spectracnn.view.cohort.groups import TwoGroups, why_not
from spectracnn.view.cohort.membership import drawn, group_codes, member_ids
from spectracnn.view.cohort.predictions import PredictionRequest
from spectracnn.view.cohort.settings import ConfoundSettings, TestSettings
from spectracnn.view.cohort.testing import standing_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from spectracnn.api.model import Model
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.stats.centiles import Standing
    from spectracnn.view.cohort.attributions import GroupAttribution
    from spectracnn.view.cohort.confounds import Confounds
    from spectracnn.view.cohort.predictions import PredictionSummary
    from spectracnn.view.cohort.testing import Tested


class Cohort:
    """Spectra with a table of participants; `Scene.cohort` makes one.

    Each method computes what one page of the cohort window shows, by the same code. Columns are
    those of the table and of the files; ``area`` and ``volume`` are columns too.

    Examples
    --------
    >>> import spectracnn as sc
    >>> scene = sc.Scene(sc.read(sc.samples()[:2]), sc.open_model())
    >>> scene.cohort().predictions().answers.classes[0]
    'airplane'
    """

    def __init__(
        self,
        document: Document,
        selection: Selection,
        model: Model,
        table: str | os.PathLike[str] | None = None,
        *,
        id_column: str = "",
        labels: Mapping[int, str] | None = None,
    ) -> None:
        if table is not None:
            participants = Participants(read_table(Path(table)), id_column)
            document = replace(document, participants=participants.with_entries(document.entries))
        ids = [entry.id for entry in document.entries]
        typed = {ids[place]: text for place, text in (labels or {}).items()}
        self._read = replace(document, labels=MappingProxyType(typed))
        self._selection, self._model = selection, model

    @cached_property
    def _document(self) -> Document:
        """The spectra, with what the model says of each."""
        made = prediction_requests(self._read)
        if made is None:
            return self._read
        found = self._model.perform(made.request)
        known = []
        for row, entry in enumerate(made.entries):
            error = found.errors[row]
            if error is not None:
                known.append(replace(entry, refusal=error.message))
            else:
                shares, output = found.probabilities[row], found.outputs[row]
                known.append(replace(entry, probabilities=shares, outputs=output))
        return self._read.with_entries(known)

    def predictions(self, label: str = "") -> PredictionSummary:
        """Return how right the network is.

        Parameters
        ----------
        label : str
            Column of the true labels; without it, classes are counted only.

        Raises
        ------
        StudyError
            If there is no such column.
        """
        document = self._document
        true = column(document, label) if label else None
        return PredictionRequest(answers(document), true).run(Progress())

    def groups(self, by: str, first: str, second: str) -> TwoGroups:
        """Return how two groups differ, in the input and in every layer.

        Parameters
        ----------
        by : str
            The column of the groups, or ``predicted class``.
        first, second : str
            Its groups; the second may be ``all others``.

        Raises
        ------
        StudyError
            If a group has fewer than two spectra.
        """
        document = self._document
        groups = group_codes(document, by)
        moments = []
        for name in (first, second):
            ids = member_ids(document, groups, name, first)
            made = moments_request(document, self._selection, ids)
            if made is None:
                raise StudyError(f"The group '{name}' has no spectrum, expected at least two.")
            moments.append(self._model.perform(made.request))
        problem = why_not(moments[0], moments[1], (first, second))
        if problem:
            raise StudyError(problem)
        return TwoGroups((first, second), moments[0], moments[1])

    def attribution(
        self,
        by: str,
        group: str,
        target: int | str,
        method: str | Method = Method.INTEGRATED_GRADIENTS,
        *,
        most: int = 200,
    ) -> GroupAttribution:
        """Return what speaks for a class in a group, and how consistently.

        Parameters
        ----------
        by, group : str
            The column, and the group; ``all spectra`` for everybody.
        target : int or str
            The class whose logit is explained.
        method : str or Method
            As of `Model.explain`.
        most : int
            Of more spectra, so many are drawn at random.

        Raises
        ------
        StudyError
            If fewer than two spectra are left.
        """
        document, place = self._document, self._model.class_place(target)
        ids = drawn(member_ids(document, group_codes(document, by), group), most)
        how = Method(method)
        made = attributions_request(
            document, self._selection, ids, how, place or 0, AttributionOptions()
        )
        if made is None or len(made.entries) < 2:
            raise StudyError(f"The group '{group}' has fewer than two spectra.")
        found = self._model.perform(made.request)
        return attributions.summarise(found.values, found.positions)

    def test(self, column: str, **settings: Any) -> Tested:
        """Test every eigenvalue, or band: groups of a column, or association with one.

        Parameters
        ----------
        column : str
            What is tested for.
        **settings
            Fields of `spectracnn.view.cohort.settings.TestSettings`.

        Raises
        ------
        StudyError
            If a column is unknown, or nothing is left to test.
        """
        given = TestSettings(column, **settings)
        return TestRequest(given, study_of(self._document, given)).run(Progress())

    def centiles(self, tested: Tested) -> Standing:
        """Return where each participant of a test stands in its reference group."""
        return standing_of(tested.study, tested.design)

    def confounds(self, target: str, against: Sequence[str], **settings: Any) -> Confounds:
        """Return what may have been learnt in place of the label.

        Parameters
        ----------
        target : str
            Column of the label.
        against : sequence of str
            Columns of covariates.
        **settings
            ``permutations``, ``seed``, ``most``.

        Raises
        ------
        StudyError
            If a column is unknown, or nobody has all of them.
        """
        document = self._document
        sample = sample_of(document, ConfoundSettings(target, tuple(against), **settings))
        sample = SampleRequest(sample).run(Progress())
        made = layers_request(document, self._selection, sample.ids)
        if made is None or len(made.entries) != len(sample.ids):
            raise StudyError("The network reads several structures together, which has no probe.")
        description = self._model.description
        names = tuple(layer.name for layer in description.layers)
        outputs = self._model.perform(made.request)
        found, _ = ConfoundRequest(sample, outputs, names, tuple(description.classes)).run(
            Progress()
        )
        return found
