"""``spectracnn predict``: which class a model takes each spectrum for."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from spectracnn.cli.answered import answered, computed, in_order, joined_columns
from spectracnn.cli.batch.command import add_batch, note_table, open_for, run_batch
from spectracnn.cli.batch.covariates import Covariates
from spectracnn.cli.batch.work import NetworkWork, Sink
from spectracnn.cli.cohort import add_table
from spectracnn.cli.inputs import add_inputs, expand, is_input, read_all
from spectracnn.cli.item_block import texts_of
from spectracnn.cli.network import PREPARED, add_model, open_network, prepared
from spectracnn.cli.output import plain, print_table, require_writable
from spectracnn.cli.overlap import write_behind
from spectracnn.cli.predictions import record, words
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.trust import Trust
from spectracnn.core.conformal import LEVEL, checked_level
from spectracnn.errors import ExportError, SpectraCNNError
from spectracnn.io.columns_file import SUFFIXES, ColumnsWriter, merge_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.cli.answered import Answered
    from spectracnn.cli.batch.journal import JournalPart
    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.cli.network import Batch
    from spectracnn.cli.predictions import Prediction
    from spectracnn.nn.loaded_model import LoadedModel


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "predict",
        help="classify spectra",
        description="For each spectrum: the predicted class, with its probability.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--set", type=_level, nargs="?", const=LEVEL, default=LEVEL, dest="level", metavar="LEVEL",
        help="share of sets that should contain the true class (0.9, also without a number)",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON list")
    form.add_argument("--csv", type=Path, metavar="OUT", help="write a table of all probabilities")
    form.add_argument(
        "--out",
        type=Path,
        metavar="OUT",
        help="write .csv, .parquet or .h5, also with subject, structure and the table's columns",
    )
    add_table(parser)
    add_batch(parser)


def complete(arguments: list[str]) -> list[str]:
    """Return the arguments with the usual level where a file follows ``--set``.

    A person means the file; argparse would take it for the level.

    Parameters
    ----------
    arguments : list of str
        As given.
    """
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return [
        f"--set={LEVEL:g}" if word == "--set" and is_input(following) else word
        for word, following in pairs
    ]


@dataclass(frozen=True)
class PredictWork(NetworkWork):
    """What is written of each batch.

    Parameters
    ----------
    wide : bool
        Whether subject and structure are columns.
    level : float
        Of prediction sets.
    """

    wide: bool = True
    level: float = LEVEL

    suffix: ClassVar[str] = ".parquet"
    most: ClassVar[int | None] = PREPARED

    @contextmanager
    def sink(self, path: Path, network: LoadedModel) -> Iterator[Sink]:
        """Return the file of a part."""
        covariates = self.covariates()
        with ColumnsWriter(path) as writer, write_behind() as later:
            trust = Trust.of(network.description, self.level)
            yield _PredictSink(writer, later, covariates, self.wide, trust)

    def merge(self, parts: list[JournalPart], out: Path) -> None:
        """Write the parts as one table."""
        if len(parts) == 1 and out.suffix.lower() == self.suffix:
            parts[0].path.replace(out)
        else:
            merge_columns([part.path for part in parts], out)


class _PredictSink(Sink):
    def __init__(
        self,
        writer: ColumnsWriter,
        later: Callable[[Callable[[], None]], None],
        covariates: Covariates | None,
        wide: bool,
        trust: Trust,
    ) -> None:
        super().__init__()
        self._writer, self._later = writer, later
        self._covariates, self._wide = covariates, wide
        self._trust = trust

    def append(self, network: LoadedModel, batch: Batch) -> None:
        # The network leaves a core to what is read of the batch before.
        self._later(partial(self._write, network, batch, computed(network, batch)))

    def _write(
        self, network: LoadedModel, batch: Batch, outputs: list[NDArray[np.float32]]
    ) -> None:
        found = answered(network, batch, self._trust, outputs)
        self.remarks += _doubts(found)
        made = columns(found, batch.named, self._wide)
        made |= self.columns_beside(self._covariates, batch.named, list(made))
        self._writer.append(made)


def columns(found: list[Answered], items: Sequence[InputSpectrum], wide: bool) -> dict[str, Any]:
    """Return answers as columns of a table.

    Parameters
    ----------
    found : list of Answered
        Together of n spectra.
    items : sequence of InputSpectrum
        These.
    wide : bool
        Whether to add subject and structure.
    """
    made: dict[str, Any] = {}
    for name, column in joined_columns(found):
        key, count = name, 1
        while key in made:  # a class may be called like a column
            count += 1
            key = f"{name} {count}"
        made[key] = column
    if wide:
        for key in ("subject", "structure"):
            if key not in made:
                made[key] = texts_of(items, key)
    return made


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    files = expand(args.files, reporter)
    if args.out is None and args.csv is None:
        return _printed(args, files, reporter)
    if args.out is not None and args.out.suffix.lower() not in SUFFIXES:
        raise ExportError(f"{args.out}: predictions are written as {', '.join(SUFFIXES)}.")
    wide = args.out is not None
    args.out = args.out or args.csv
    note_table(args, reporter)
    require_writable(args.out)
    fitting = _fitting(args)
    network = open_for(args, () if fitting else files, reporter)
    about = (args.model, args.card, args.orientation, args.force, wide, args.level)
    work = PredictWork(*about, table=args.table, id_column=args.id_column, fitting=fitting)
    work.adopt(network)
    return run_batch(work, args, files, reporter, "Classifying")


def _printed(args: argparse.Namespace, files: list[str], reporter: Reporter) -> int:
    fitting = _fitting(args)
    network = open_network(args, reporter, () if fitting else files)
    covariates = Covariates(args.table, args.id_column) if args.table else None
    trust = Trust.of(network.description, args.level)
    kept: list[tuple[Prediction, Trust]] = []
    stream = _JsonList() if args.json else None
    doubted = False
    with reporter.progress("Classifying", len(files)) as advance:
        items: Iterable[InputSpectrum] = read_all(files, args.orientation, reporter, advance)
        if covariates is not None:
            items = covariates.located(network, items)
        batches = prepared(network, items, reporter, force=args.force, fitting=fitting)
        for batch in batches:
            parts = answered(network, batch, trust, computed(network, batch))
            for file, doubt in _doubts(parts) if not doubted else ():
                doubted = True
                reporter.note(file, doubt)
            if stream is None:
                kept += in_order(parts)
                continue
            records = [
                record(prediction, own.reading) | own.fields(prediction)
                for prediction, own in in_order(parts)
            ]
            if covariates is not None:
                beside = covariates.columns(batch.named)
                for place, one in enumerate(records):
                    one["covariates"] = {name: cells[place] for name, cells in beside.items()}
            for one in records:
                stream.append(one)
    for remark in covariates.remarks if covariates else ():
        reporter.note(*remark)
    if stream is not None:
        stream.end()
    elif kept:
        _print_plain(kept, trust)
    return reporter.exit_code


def _fitting(args: argparse.Namespace) -> bool:
    """Return whether each spectrum may choose among the bundled networks."""
    return args.model is None and args.card is None


def _doubts(parts: list[Answered]) -> list[tuple[str, str]]:
    return [doubt for part in parts for doubt in part.answers.doubts(part.trust.reading)]


class _JsonList:
    """Prints a list item by item, exactly as it would be printed as a whole."""

    def __init__(self) -> None:
        self._any = False

    def append(self, value: Any) -> None:
        text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
        sys.stdout.write(",\n" if self._any else "[\n")
        sys.stdout.write(textwrap.indent(text, "  "))
        self._any = True

    def end(self) -> None:
        sys.stdout.write("\n]\n" if self._any else "[]\n")


def _level(text: str) -> float:
    try:
        return checked_level(float(text))
    except (ValueError, SpectraCNNError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1") from error


def _print_plain(predictions: list[tuple[Prediction, Trust]], trust: Trust) -> None:
    reading, rows = trust.reading, []
    for prediction, own in predictions:
        fields = record(prediction, own.reading)
        texts = words(prediction, own.reading)
        if prediction.item.spectrum.cut_off:
            texts[0] += " (file cut off)"
        if prediction.item.reason:
            texts[0] += " (no spectrum)"
        if prediction.item.reader:
            texts[0] += " (other network)"
        rows.append([fields["file"], fields["name"], *texts, *own.words(prediction)])
    if reading.is_values:
        values = [[*row[:3], *row[-2:]] for row in rows]
        _print_known(("file", "name", reading.classes[0], *trust.titles), values, {2})
        return
    header = ("file", "name", "class", "probability", "next", "", *trust.titles)
    _print_known(header, rows, {3, 5})


def _print_known(header: tuple[str, ...], rows: list[list[str]], right: set[int]) -> None:
    """Print a table without those of its last two columns of which nothing is known."""
    first = len(header) - 2
    kept = [place for place in range(len(header)) if place < first or any(r[place] for r in rows)]
    print_table([header[place] for place in kept], [[r[p] for p in kept] for r in rows], right)
