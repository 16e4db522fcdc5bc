"""Reads spectra with known classes: the layout is told in ``resources/data/README.md``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from spectracnn.core.card_file import file_sha256
from spectracnn.core.preprocessing import Preprocessing, model_input
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

NEEDED = ("eigenvalues", "label", "class_names")
FEWEST_PER_CLASS = 2


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Spectra and their classes.

    Parameters
    ----------
    spectra : tuple of Spectrum
        As in the file.
    labels : ndarray, shape (n,), int64
        Index into `classes`.
    classes : tuple of str
        Their names.
    name : str
        The file's name.
    sha256 : str
        Of the file's bytes, in hex.
    """

    spectra: tuple[Spectrum, ...]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]
    name: str = ""
    sha256: str = ""

    def inputs(self, preprocessing: Preprocessing) -> NDArray[np.float32]:
        """Return all spectra after the steps, shape (n, steps).

        Raises
        ------
        PreprocessingError
            If a spectrum is too short or lacks what a step needs.
        """
        rows = [model_input(preprocessing, spectrum)[:, 0] for spectrum in self.spectra]
        return np.stack(rows)


def read_training_data(path: Path) -> TrainingData:
    """Read a training file.

    Parameters
    ----------
    path : Path
        HDF5 with ``eigenvalues`` (n, k), ``label`` (n,), ``class_names`` (classes,) and
        optionally ``area`` (n,) and ``mesh_id`` (n,).

    Returns
    -------
    TrainingData
        All of its spectra.

    Raises
    ------
    FileFormatError
        If it is missing or is no such file; the sentence says what is wrong.
    """
    if not path.is_file():
        raise FileFormatError(path, "no such file", "an HDF5 file of spectra with labels")
    try:
        with h5py.File(path, "r") as file:
            arrays = {key: item[()] for key, item in file.items() if isinstance(item, h5py.Dataset)}
    except OSError as error:
        raise FileFormatError(
            path, "a file that HDF5 cannot read", "an HDF5 file of spectra with labels"
        ) from error
    _check(path, arrays)
    classes = tuple(_text(name) for name in arrays["class_names"])
    return TrainingData(
        spectra=_spectra(arrays),
        labels=arrays["label"].astype(np.int64),
        classes=classes,
        name=path.name,
        sha256=file_sha256(path),
    )


def _check(path: Path, arrays: dict[str, Any]) -> None:
    missing = [key for key in NEEDED if key not in arrays]
    if missing:
        raise FileFormatError(path, f"no dataset {missing[0]!r}", f"datasets {', '.join(NEEDED)}")
    values, labels, names = (np.asarray(arrays[key]) for key in NEEDED)
    if values.ndim != 2 or values.dtype.kind not in "fiu":
        raise FileFormatError(
            path, f"shape {values.shape} of {values.dtype}", "numbers (spectra, k)", "eigenvalues"
        )
    if labels.shape != values.shape[:1] or labels.dtype.kind not in "iu":
        raise FileFormatError(
            path, f"shape {labels.shape}", f"{len(values)} whole numbers", "label"
        )
    unfit = np.flatnonzero(~np.isfinite(values).any(axis=1))
    if unfit.size:
        raise FileFormatError(
            path, "no finite eigenvalue", "a spectrum", f"eigenvalues, row {unfit[0]}"
        )
    if names.ndim != 1 or len({_text(name) for name in names}) != len(names) or len(names) < 2:
        raise FileFormatError(path, "other", "two or more different names", "class_names")
    if labels.size and not (0 <= labels.min() and labels.max() < len(names)):
        raise FileFormatError(
            path, f"a label {labels.max()}", f"labels 0 to {len(names) - 1}", "label"
        )
    counts = np.bincount(labels, minlength=len(names))
    if counts.min() < FEWEST_PER_CLASS:
        poor = _text(names[counts.argmin()])
        raise FileFormatError(
            path,
            f"{counts.min()} spectra of class {poor}",
            f"{FEWEST_PER_CLASS} or more of each class",
            "label",
        )


def _spectra(arrays: dict[str, Any]) -> tuple[Spectrum, ...]:
    values = arrays["eigenvalues"]
    areas = arrays.get("area", np.full(len(values), np.nan))
    numbers = arrays.get("mesh_id", np.arange(len(values)))
    return tuple(
        Spectrum(
            str(number),
            row,
            kind=Kind.SURFACE,
            area=float(area) if np.isfinite(area) else None,
            normalisation=Normalisation.RAW,
        )
        for row, area, number in zip(values, areas, numbers, strict=True)
    )


def _text(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
