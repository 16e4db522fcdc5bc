"""Spectra with what is known of them: a class or a number, from a table, a file or a folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn import io
from spectracnn.core.outputs import Task
from spectracnn.core.spectrum import are_zeros
from spectracnn.errors import PreprocessingError, SpectraCNNError, StudyError
from spectracnn.io.participants import join, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.preprocessing import Preprocessing
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.io.joining import Joined

USUAL = 100
"""Nonzero eigenvalues that are read where there are as many."""

FEWEST_EIGENVALUES = 8
FEWEST_SPECTRA = 6
LABEL = "label"


@dataclass(frozen=True, eq=False)
class Labelled:
    """Spectra and the truth about them.

    Parameters
    ----------
    spectra : tuple of Spectrum
        n of them.
    truth : ndarray, shape (n,)
        int64 index into `classes`, or float64 values of a regression.
    classes : tuple of str
        Their names; empty for a regression.
    groups : ndarray, shape (n,), int64
        Spectra of one group stay together in cross-validation.
    name : str
        What the data are called.
    sha256 : str
        Of eigenvalues, truth and groups, in hex: the data as they are learned.
    notes : tuple of str
        What a person should know.
    sites : ndarray, shape (n,), or None
        Where each was measured, if sites are to be harmonised.
    """

    spectra: tuple[Spectrum, ...]
    truth: NDArray[Any]
    classes: tuple[str, ...]
    groups: NDArray[np.int64]
    name: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = ()
    sites: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.spectra)

    @property
    def grouped(self) -> bool:
        """Whether any two spectra belong together."""
        return len(np.unique(self.groups)) < len(self.groups)

    def inputs(self, preprocessing: Preprocessing) -> NDArray[np.float64]:
        """Return all spectra after the steps, shape (n, steps).

        Raises
        ------
        PreprocessingError
            If a spectrum is too short or lacks what a step needs.
        """
        rows = [preprocessing.apply(spectrum).values for spectrum in self.spectra]
        if not all(np.isfinite(row).all() for row in rows):
            place = next(at for at, row in enumerate(rows) if not np.isfinite(row).all())
            raise PreprocessingError(
                f"{self.spectra[place].name}: a value is no finite number after the preprocessing."
            )
        return np.stack(rows)

    def eigenvalues(self, preprocessing: Preprocessing) -> NDArray[np.float64]:
        """Return those eigenvalues that the steps take, as in the files, shape (n, steps)."""
        rows = []
        for spectrum in self.spectra:
            rows.append(spectrum.eigenvalues[preprocessing.apply(spectrum).positions])
        return np.stack(rows)


def read_labelled(plan: TrainingPlan) -> Labelled:
    """Read what a plan learns from.

    Parameters
    ----------
    plan : TrainingPlan
        Names the data, and the table if the truth is in one.

    Returns
    -------
    Labelled
        Those spectra whose truth is known.

    Raises
    ------
    SpectraCNNError
        If there is nothing to learn; one sentence.
    """
    spectra, notes = _read(plan)
    joined = _joined(plan, spectra, notes)
    texts = _truth(plan, spectra, joined)
    known = np.array([text is not None for text in texts])
    if not known.any():
        raise SpectraCNNError(
            f"None of the {len(spectra)} spectra has a {_what(plan)}.",
            "Put each class into a folder of its own, or give --table and --target.",
        )
    if not known.all():
        notes.append(f"{int((~known).sum())} of {len(spectra)} spectra have no {_what(plan)}.")
    sites = _sites(plan, joined)
    if sites is not None:
        lost = known & (sites == "")
        if lost.any():
            notes.append(f"{int(lost.sum())} spectra without a '{plan.site}' are left out.")
        known &= ~lost
    kept = np.flatnonzero(known)
    chosen = [spectra[place] for place in kept]
    words: list[Any] = [texts[place] for place in kept]
    truth, classes = _numbers(plan, words) if plan.task is Task.REGRESSION else _classes(words)
    groups = _groups(plan, spectra, joined)[kept]
    groups = np.unique(groups, return_inverse=True)[1].astype(np.int64).ravel()
    return Labelled(
        spectra=tuple(chosen),
        truth=truth,
        classes=classes,
        groups=groups,
        name=", ".join(Path(item).name or item for item in plan.data),
        sha256=_digest(chosen, truth, groups, None if sites is None else sites[kept]),
        notes=tuple(dict.fromkeys(notes)),
        sites=None if sites is None else sites[kept],
    )


def usable_length(data: Labelled, wanted: int | None) -> int:
    """Return how many nonzero eigenvalues are read.

    Parameters
    ----------
    data : Labelled
        All spectra.
    wanted : int or None
        How many the person or the architecture wants; None for the usual, or as many as there are.

    Raises
    ------
    SpectraCNNError
        If a spectrum is too short.
    """
    counts = [int(np.count_nonzero(~are_zeros(item.eigenvalues))) for item in data.spectra]
    least = int(np.argmin(counts))
    length = min(USUAL, counts[least]) if wanted is None else wanted
    if counts[least] < max(length, FEWEST_EIGENVALUES):
        raise SpectraCNNError(
            f"{data.spectra[least].name}: has {counts[least]} nonzero eigenvalues; expected "
            f"{max(length, FEWEST_EIGENVALUES)} or more.",
            "Leave the spectrum out, or read fewer with --eigenvalues.",
        )
    return length


def _read(plan: TrainingPlan) -> tuple[list[Spectrum], list[str]]:
    spectra: list[Spectrum] = []
    notes: list[str] = []
    for item in plan.data:
        path = Path(item)
        files = list(io.find_files(path)) if path.is_dir() else [path]
        if not files:
            raise SpectraCNNError(f"{item}: the folder holds no file of spectra.")
        for file in files:
            result = io.read_file(file, orientation=_orientation(plan))
            spectra += result.spectra
            notes += [f"{file.name}: {note}" for note in result.notes]
    return spectra, notes


def _orientation(plan: TrainingPlan) -> Any:
    return plan.orientation or None


def _joined(plan: TrainingPlan, spectra: Sequence[Spectrum], notes: list[str]) -> Joined | None:
    if not plan.table:
        if plan.target or plan.group or plan.id_column or plan.site:
            raise SpectraCNNError(
                "A target, group, site or id column is of a table.", "Give --table."
            )
        return None
    table = read_table(plan.table)
    joined = join(spectra, table, plan.id_column or None)
    notes += [*table.notes, *joined.notes]
    return joined


def _what(plan: TrainingPlan) -> str:
    return f"'{plan.target}'" if plan.target else "label"


def _truth(
    plan: TrainingPlan, spectra: Sequence[Spectrum], joined: Joined | None
) -> list[Any | None]:
    if joined is not None and plan.target:
        if plan.task is Task.REGRESSION:
            numbers = np.asarray(joined.numeric(plan.target).numbers, np.float64)
            return [float(value) if np.isfinite(value) else None for value in numbers]
        return [text or None for text in joined.column(plan.target).text]
    if plan.labels:
        typed = {(file, name): label for file, name, label in plan.labels}
        return [typed.get((str(item.source), item.name)) or None for item in spectra]
    held = [spectrum.metadata.get(LABEL) or None for spectrum in spectra]
    if any(held):
        return list(held)
    folders = [spectrum.source.parent.name if spectrum.source else "" for spectrum in spectra]
    return [name or None for name in folders] if len(set(folders)) > 1 else [None] * len(spectra)


def _numbers(plan: TrainingPlan, words: Sequence[Any]) -> tuple[NDArray[Any], tuple[str, ...]]:
    try:
        values = np.array([float(word) for word in words])
    except ValueError as error:
        text = next(word for word in words if not _is_number(word))
        raise SpectraCNNError(
            f"A regression learns numbers; found the {_what(plan)} '{text}'."
        ) from error
    if not np.isfinite(values).all():
        raise SpectraCNNError(f"A regression learns finite numbers; a {_what(plan)} is none.")
    if len(values) < FEWEST_SPECTRA:
        raise SpectraCNNError(
            f"A regression needs {FEWEST_SPECTRA} spectra or more; found {len(values)}."
        )
    if np.ptp(values) == 0:
        raise SpectraCNNError(f"All {len(values)} spectra have the same {_what(plan)}: {words[0]}.")
    return values, ()


def _is_number(word: Any) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _classes(words: Sequence[str]) -> tuple[NDArray[Any], tuple[str, ...]]:
    names, codes, counts = np.unique(words, return_inverse=True, return_counts=True)
    if len(names) == 1:
        raise SpectraCNNError(f"All {len(words)} spectra are of one class, '{names[0]}'.")
    if len(names) > len(words) / 2:
        raise SpectraCNNError(
            f"There are {len(names)} classes and only {len(words)} spectra; each class needs two.",
            "A column of numbers is learned with --task regression.",
        )
    if counts.min() < 2:
        poor = names[counts.argmin()]
        raise SpectraCNNError(
            f"The class '{poor}' has one spectrum; each class needs two.", "Leave it out."
        )
    return codes.astype(np.int64).ravel(), tuple(str(name) for name in names)


def _groups(plan: TrainingPlan, spectra: Sequence[Spectrum], joined: Joined | None) -> NDArray[Any]:
    """Return who belongs together: by column, by subject, else each alone."""
    alone = [f"spectrum {place}" for place in range(len(spectra))]
    if plan.group:
        if joined is None:
            raise StudyError("A group is a column of a table.", "Give --table.")
        texts = list(joined.column(plan.group).text)
    else:
        texts = [spectrum.subject for spectrum in spectra]
    return np.array([text or own for text, own in zip(texts, alone, strict=True)])


def _sites(plan: TrainingPlan, joined: Joined | None) -> NDArray[Any] | None:
    """Return where each spectrum was measured, empty where unknown; None if nobody needs it."""
    if not plan.combat or joined is None:
        return None
    return np.array([str(text) for text in joined.column(plan.site).text], dtype=object)


def _digest(
    spectra: Sequence[Spectrum],
    truth: NDArray[Any],
    groups: NDArray[np.int64],
    sites: NDArray[Any] | None,
) -> str:
    digest = hashlib.sha256()
    for spectrum in spectra:
        digest.update(np.ascontiguousarray(spectrum.eigenvalues).tobytes())
    digest.update(np.ascontiguousarray(truth).tobytes())
    digest.update(np.ascontiguousarray(groups).tobytes())
    if sites is not None:
        digest.update("\n".join(sites).encode())
    return digest.hexdigest()
