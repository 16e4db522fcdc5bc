"""The table of ``spectracnn explain``: one row a spectrum, one column a sample."""

from __future__ import annotations

import csv
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import repeat
from typing import TYPE_CHECKING, Any, Self

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.io.attribution_hdf5 import FORMAT, VERSION, method_record
from spectracnn.io.headers import header_lines
from spectracnn.io.spectra_writer import FileHashes
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from spectracnn.core.attribution import Attribution, AttributionOptions, Method
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription


class AttributionTable:
    """Appends attributions to a new CSV file; it appears when the block succeeds.

    Parameters
    ----------
    path, description, method, options, versions
        As for :class:`spectracnn.io.attribution_hdf5.AttributionWriter`.

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
        self._path, self._description = path, description
        self._origin: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": dict(versions),
            "model": {"name": description.name, "sha256": description.sha256},
            "preprocessing": description.card.preprocessing.to_json(),
            **method_record(method, options),
        }
        self._hashes = FileHashes()
        self._stack = ExitStack()
        self._stream: Any = None
        self._begun = False

    def __enter__(self) -> Self:
        temporary = self._stack.enter_context(atomic_path(self._path))
        self._stream = self._stack.enter_context(temporary.open("w", encoding="utf-8", newline=""))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)

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
            As the person wrote them.
        spectra : sequence of Spectrum
            The batch, at least one.
        found : sequence of Attribution
            One a spectrum.
        covariates : mapping of str to sequence, optional
            Columns of a table, one number or text a spectrum each; they end the rows.

        Raises
        ------
        ExportError
            If the disk does not take it.
        """
        try:
            writer = csv.writer(self._stream, lineterminator="\n")
            if not self._begun:
                self._begin(writer, found[0], list(covariates or ()))
            beside = zip(*(covariates or {}).values(), strict=True) if covariates else repeat(())
            for file, spectrum, one, cells in zip(files, spectra, found, beside, strict=False):
                about = [encodable(file), encodable(spectrum.name)]
                about.append(self._hashes.of(spectrum.source))
                values = map(str, one.values.ravel())
                writer.writerow([*about, *self._fields(one), *values, *map(_cell, cells)])
        except OSError as error:
            raise ExportError(f"{self._path}: cannot be written ({error}).") from error

    def _begin(self, writer: Any, first: Attribution, covariates: list[str]) -> None:
        if first.layer is not None:
            self._origin["layer"] = self._description.layers[first.layer].name
        self._stream.write(header_lines(self._origin))
        columns = ["file", "name", "sha256", "class", "logit"]
        columns += ["baseline_logit"] if first.baseline_logit is not None else []
        columns += ["completeness_error"] if first.completeness_error is not None else []
        samples = list(map(encodable, sample_names(self._description)))
        columns += ["eigenvalues", *samples]
        writer.writerow([*columns, *distinct(map(encodable, covariates), columns)])
        self._begun = True

    def _fields(self, one: Attribution) -> list[str]:
        numbers = [one.baseline_logit, one.completeness_error]
        return [
            encodable(self._description.classes[one.target]),
            str(one.logits[one.target]),
            *(str(float(number)) for number in numbers if number is not None),
            runs(one.positions.tolist()),
        ]


def distinct(names: Iterable[str], taken: Sequence[str]) -> list[str]:
    """Return names of a table's columns; those that others have get ``table.`` before them."""
    known = frozenset(taken)
    return [f"table.{name}" if name in known else name for name in names]


def _cell(value: Any) -> str:
    """Return a cell of a table: a number by its digits, nothing where it is missing."""
    if value is None or value != value:
        return ""
    return encodable(value) if isinstance(value, str) else repr(float(value))


def sample_names(description: ModelDescription) -> list[str]:
    """Return a column's name for each value of the model's input, in the order of its array."""
    shape = description.input_shape
    count = shape[0] if len(shape) == 3 else shape[1]
    steps = shape[1] if len(shape) == 3 else shape[0]
    if count == 1:
        return [f"sample {step}" for step in range(steps)]
    known = description.structures or ("",) * count
    names = [name or f"structure {place}" for place, name in enumerate(known)]
    if len(shape) == 3:
        return [f"sample {step} {name}" for name in names for step in range(steps)]
    return [f"sample {step} {name}" for step in range(steps) for name in names]


def runs(numbers: Iterable[int]) -> str:
    """Return whole numbers in words, neighbours put together.

    Examples
    --------
    >>> runs([1, 2, 3, 7, 5, 6])
    '1-3 7 5-6'
    """
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return " ".join(str(one) if one == last else f"{one}-{last}" for one, last in parts)


def merge_tables(parts: Sequence[Path], out: Path) -> None:
    """Put tables of one command after each other, with the head of the first.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    try:
        with atomic_path(out) as temporary, temporary.open("wb") as target:
            for place, part in enumerate(parts):
                with part.open("rb") as source:
                    if place:  # the lines about the origin, and the names of the columns
                        while source.readline().startswith(b"# "):
                            pass
                    shutil.copyfileobj(source, target, 1 << 20)
    except OSError as error:
        raise ExportError(f"{out}: cannot be written ({error}).") from error
