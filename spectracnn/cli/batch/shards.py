"""A study in shards: some small files, or some rows of a large one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import STDIN, InputSpectrum, assumption, read_all
from spectracnn.cli.item_block import ItemBlock
from spectracnn.cli.network import PREPARED, chunks, file_of
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
_MANY = 1 << 16
"""Bytes from which a file holds enough spectra that arrays are quicker than objects."""
_ARRAYS = (".h5", ".hdf5", ".npy", ".npz", ".parquet", ".pq")
_OPENABLE = (*_ARRAYS, ".csv", ".tsv", ".txt")


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
    by_rows: bool = True,
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
    by_rows : bool
        Whether large files are parted.
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
        if size >= LARGE and by_rows and file.lower().endswith(_OPENABLE):
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

    def pieces(
        self, shard: Shard, recorder: ReportRecorder, whole_files: bool = False
    ) -> Iterator[Sequence[InputSpectrum]]:
        """Give the spectra of a shard, some at a time; what cannot be read is recorded.

        Parameters
        ----------
        shard : Shard
            Of :func:`make_shards`.
        recorder : ReportRecorder
            Receives what is found.
        whole_files : bool
            Whether spectra of a file stay together.
        """
        if shard.start is None or shard.stop is None:
            yield from self._whole(shard.files, recorder, whole_files)
            return
        (file,) = shard.files
        try:
            slices = self._slices(file)
            if slices is None:
                raise SpectraCNNError("the file has changed meanwhile.")
            items, notes = _rows(slices, file, shard.start, shard.stop)
        except SpectraCNNError as error:
            recorder.fail(file, f"{error} {error.hint}")
            return
        if shard.start == 0:
            if slices.ambiguous and self._orientation is None:
                recorder.note(file, assumption("rows"))
            notes = (*slices.notes, *notes)
        _record_remarks(file, items, notes, recorder)
        for first in range(0, len(items), PREPARED):
            yield items[first : first + PREPARED]

    def _whole(
        self, files: tuple[str, ...], recorder: ReportRecorder, whole_files: bool
    ) -> Iterator[Sequence[InputSpectrum]]:
        """Read files that are not parted: those of many spectra as arrays, as rows are."""
        together = file_of if whole_files else None
        waiting: list[str] = []
        for file in files:
            if whole_files or not file.lower().endswith(_ARRAYS) or _size(file) < _MANY:
                waiting.append(file)
                continue
            items = self._block(file, recorder)
            if items is None:
                waiting.append(file)
                continue
            if waiting:
                found = read_all(waiting, self._orientation, recorder)
                yield from chunks(found, PREPARED, together)
                waiting = []
            for first in range(0, len(items), PREPARED):
                yield items[first : first + PREPARED]
        yield from chunks(read_all(waiting, self._orientation, recorder), PREPARED, together)

    def _block(self, file: str, recorder: ReportRecorder) -> ItemBlock | None:
        """Return the spectra of a file as arrays; None where its own reader has to read it."""
        slices = open_slices(file, self._orientation, least=0)
        if slices is None:
            return None
        try:
            found = slices.block(0, slices.count) if slices.block is not None else None
        except SpectraCNNError:
            return None
        finally:
            slices.close()
        if found is None or not len(found[0]):
            return None
        items, notes = ItemBlock(file, found[0]), found[1]
        if slices.ambiguous and self._orientation is None:
            recorder.note(file, assumption("rows"))
        _record_remarks(file, items, (*slices.notes, *notes), recorder)
        return items

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


_READERS: dict[str | None, ShardReader] = {}


def shard_reader(orientation: io.Orientation | None) -> ShardReader:
    """Return the reader of this process; `close_readers` closes what it holds open."""
    return _READERS.setdefault(orientation, ShardReader(orientation))


def close_readers() -> None:
    """Close the large files that are open."""
    for reader in _READERS.values():
        reader.close()


def _rows(
    slices: Slices, file: str, start: int, stop: int
) -> tuple[Sequence[InputSpectrum], tuple[str, ...]]:
    """Return the spectra of some rows, and the notes about them."""
    found = slices.block(start, stop) if slices.block is not None else None
    if found is not None:
        return ItemBlock(file, found[0]), found[1]
    result = slices.read(start, stop)
    return [InputSpectrum(file, spectrum) for spectrum in result.spectra], result.notes


def _record_remarks(
    file: str, items: Sequence[InputSpectrum], notes: Sequence[str], recorder: ReportRecorder
) -> None:
    """Note what stands beside spectra, each remark once, and doubt those that are cut off."""
    found = dict.fromkeys(notes)
    if not isinstance(items, ItemBlock):
        for item in items:
            spectrum = item.spectrum
            others = [note for note in spectrum.notes if note != spectrum.cut_off]
            found.update(dict.fromkeys(f"{spectrum.name}: {note}" for note in others[:1]))
            if spectrum.cut_off:
                recorder.doubt(file, f"{spectrum.name}: {spectrum.cut_off}")
    for note in list(found)[:20]:
        recorder.note(file, note)
