"""The HDF5 file of ``spectracnn explain``, written batch by batch in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.attribution_methods import METHODS
from spectracnn.io.spectra_writer import SpectraWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.attribution import Attribution, AttributionOptions, Method
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription

FORMAT = "spectracnn-attribution"
VERSION = 1


class AttributionWriter(SpectraWriter):
    """Appends attributions to a new HDF5 file; it appears when the block succeeds.

    Parameters
    ----------
    path : Path
        The file to write.
    description : ModelDescription
        The model that is explained.
    method : Method
        Of all attributions.
    options : AttributionOptions
        Likewise; those that the method reads become attributes ``option_steps`` ...
    versions : mapping of str to str
        Attributes ``keras_version`` ...

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind.
    """

    def __init__(
        self,
        path: Path,
        description: ModelDescription,
        method: Method,
        options: AttributionOptions,
        versions: Mapping[str, str],
    ) -> None:
        package_versions = {f"{package}_version": version for package, version in versions.items()}
        about = {
            "format": FORMAT,
            "version": VERSION,
            **method_record(method, options),
            **package_versions,
        }
        super().__init__(path, description, about)

    def append(
        self,
        files: Sequence[str],
        spectra: Sequence[Spectrum],
        found: Sequence[Attribution],
        covariates: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one batch.

        Parameters
        ----------
        files : sequence of str
            Not written here: the spectra know their sources.
        spectra : sequence of Spectrum
            The batch, at least one.
        found : sequence of Attribution
            One a spectrum.
        covariates : mapping of str to sequence, optional
            Columns of a table, one number or text a spectrum each.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        layer = found[0].layer
        if self._file is not None and layer is not None:
            self._file.attrs["layer"] = self._description.layers[layer].name
        self._append_batch(spectra, attribution_arrays(found), covariates)


def method_record(method: Method, options: AttributionOptions) -> dict[str, Any]:
    """Return how attributions were computed, as plain values."""
    info = METHODS[method]
    read = {f"option_{name}": getattr(options, name) for name in info.options}
    return {
        "method": method.value,
        "formula": info.formula,
        "method_source": info.source,
        "baseline": info.baseline,
        **{key: value for key, value in read.items() if value is not None},
    }


def attribution_arrays(found: Sequence[Attribution]) -> dict[str, NDArray[Any]]:
    """Return what is written of attributions by one method: a row each."""
    arrays: dict[str, NDArray[Any]] = {
        "values": np.stack([one.values for one in found]),
        "input": np.stack([one.input for one in found]),
        "positions": np.stack([one.positions for one in found]),
        "target": np.array([one.target for one in found], np.int64),
        "logits": np.stack([one.logits for one in found]),
    }
    if found[0].baseline_logit is not None:
        arrays["baseline_logit"] = np.array([one.baseline_logit for one in found], np.float64)
    if found[0].completeness_error is not None:
        errors = [one.completeness_error for one in found]
        arrays["completeness_error"] = np.array(errors, np.float64)
    if found[0].points is not None:
        arrays["points"] = np.array([one.points for one in found], np.int64)
    return arrays
