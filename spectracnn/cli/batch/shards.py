"""A study in shards: some small files, or some rows of a large one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import STDIN, InputSpectrum, assumption, read_all
from spectracnn.errors import SpectraCNNError
from spectracnn.io.slices import LARGE, Slices, open_slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spectracnn import io
    from spectracnn.cli.batch.events import ReportRecorder

ROWS = 4096
"""Rows of a large file in one shard, a multiple of the batch."""
FILES = 512
BYTES = 1 << 24
_OPENABLE = (".h5", ".hdf5", ".npy", ".npz", ".parquet", ".pq")


@dataclass(frozen=True)
class Shard:
    """What is computed, written and journalled together.

    Parameters
    ----------
    number : int
        From 0 on.
    files : tuple of str
        As the person wrote them; one where rows are named.
    start, stop : int or None
        Rows of a large file; None for whole files.
    """

    number: int
    files: tuple[str, ...]
    start: int | None = None
    stop: int | None = None

    @property
    def size(self) -> int:
        """About how many spectra there are: exact for rows, one a file else."""
        if self.start is None or self.stop is None:
            return len(self.files)
        return self.stop - self.start


def make_shards(
    files: Sequence[str],
    orientation: io.Orientation | None,
    rows: int = ROWS,
    whole_files: bool = False,
) -> list[Shard]:
    """Part a study; the same files are always parted alike.

    Parameters
    ----------
    files : sequence of str
        From :func:`spectracnn.cli.inputs.expand`.
    orientation : {'rows', 'columns'} or None
        Of tables.
    rows : int
        Of a large file in a shard.
    whole_files : bool
        Whether no file is parted, because a model reads several spectra of it together.
    """
    shards: list[Shard] = []
    waiting: list[str] = []
    weight = 0

    def whole() -> None:
        nonlocal weight
        if waiting:
            shards.append(Shard(len(shards), tuple(waiting)))
            waiting.clear()
            weight = 0

    for file in files:
        size = _size(file)
        slices = None
        if size >= LARGE and not whole_files and file.lower().endswith(_OPENABLE):
            slices = open_slices(file, orientation)
        if slices is None:
            waiting.append(file)
            weight += size
            if len(waiting) >= min(FILES, rows) or weight >= BYTES:
                whole()
            continue
        slices.close()
        whole()
        for start in range(0, slices.count, rows):
            stop = min(start + rows, slices.count)
            shards.append(Shard(len(shards), (file,), start, stop))
    whole()
    return shards


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size if file != STDIN else 0
    except OSError:
        return 0


class ShardReader:
    """Reads shards; a large file stays open from one shard of it to the next.

    Parameters
    ----------
    orientation : {'rows', 'columns'} or None
        Of tables.
    """

    def __init__(self, orientation: io.Orientation | None) -> None:
        self._orientation = orientation
        self._open: tuple[str, Slices] | None = None

    def items(self, shard: Shard, recorder: ReportRecorder) -> Iterator[InputSpectrum]:
        """Give the spectra of a shard; what cannot be read is recorded."""
        if shard.start is None or shard.stop is None:
            for file in shard.files:
                yield from read_all([file], self._orientation, recorder)
            return
        (file,) = shard.files
        try:
            slices = self._slices(file)
            if slices is None:
                raise SpectraCNNError("the file has changed meanwhile.")
            result = slices.read(shard.start, shard.stop)
        except SpectraCNNError as error:
            recorder.fail(file, f"{error} {error.hint}")
            return
        if shard.start == 0:
            if slices.ambiguous and self._orientation is None:
                recorder.note(file, assumption("rows"))
            for note in slices.notes:
                recorder.note(file, note)
        notes = dict.fromkeys(result.notes)
        for spectrum in result.spectra:
            others = [note for note in spectrum.notes if note != spectrum.cut_off]
            notes.update(dict.fromkeys(f"{spectrum.name}: {note}" for note in others[:1]))
        for note in list(notes)[:20]:
            recorder.note(file, note)
        for spectrum in result.spectra:
            if spectrum.cut_off:
                recorder.doubt(file, f"{spectrum.name}: {spectrum.cut_off}")
            yield InputSpectrum(file, spectrum)

    def _slices(self, file: str) -> Slices | None:
        if self._open is not None and self._open[0] == file:
            return self._open[1]
        self.close()
        # Whether the file is large enough was decided when the study was parted.
        slices = open_slices(file, self._orientation, least=0)
        if slices is not None:
            self._open = file, slices
        return slices

    def close(self) -> None:
        """Close the large file."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
