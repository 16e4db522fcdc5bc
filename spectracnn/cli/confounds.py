"""``spectracnn confounds``: do age, sex or site alone predict the label, do layers encode them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.cohort import add_table, as_count, data_files, named, read_cohort
from spectracnn.cli.inputs import add_inputs
from spectracnn.cli.network import BATCH, add_model, open_network, prepared
from spectracnn.cli.output import print_json, print_table
from spectracnn.cli.reporting import Reporter
from spectracnn.core.naming import listed
from spectracnn.core.participants import Column
from spectracnn.core.progress import Progress
from spectracnn.errors import StudyError
from spectracnn.view.cohort.confounds import find_confounds, sampled
from spectracnn.view.cohort.layers import Layers
from spectracnn.view.cohort.settings import ConfoundSettings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.cli.cohort import Cohort
    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.view.cohort.confounds import Confounds


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "confounds",
        help="test whether age, sex or site alone predict the label, and which layers encode them",
        description="Cross-validated linear probes: of the target by each covariate alone, and of "
        "each covariate in every layer's output; and linear models beside the network.",
    )
    add_inputs(parser)
    add_model(parser)
    add_table(parser, required=True)
    parser.add_argument("--target", required=True, metavar="COLUMN", help="the label")
    parser.add_argument("--against", required=True, metavar="A,B", help="the covariates")
    parser.add_argument("--structure", metavar="A,B", help="which structures (default: all)")
    parser.add_argument("--permutations", type=as_count, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="default: 0")
    parser.add_argument(
        "--most", type=as_count, default=1000, metavar="N", help="spectra, drawn at random: 1000"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    if args.seed < 0:
        raise StudyError(f"--seed: found {args.seed}, expected a whole number >= 0.")
    settings = ConfoundSettings(
        args.target,
        named(args.against),
        args.permutations,
        args.seed,
        args.most,
        named(args.structure),
    )
    if not settings.against:
        raise StudyError("--against: found no column, expected one or more.")
    files = data_files(args, reporter)
    cohort = read_cohort(args, reporter, files)
    columns = {name: _column(name, cohort) for name in (settings.target, *settings.against)}
    notes: list[str] = []
    structures = np.array(cohort.structures, object)
    places = sampled(columns, settings, structures, notes)
    for note in notes:
        reporter.note(str(args.table), note)
    network = open_network(args, reporter, files)
    layers, select = _traced(network, cohort, places, reporter)
    chosen = {name: column.select(select) for name, column in columns.items()}
    found = _found(settings, chosen, layers, reporter)
    names = [(cohort.items[at].file, cohort.items[at].spectrum.name) for at in select]
    record = found.record(names, _source(args), network.description.name)
    if args.json:
        print_json(record)
    else:
        _print_plain(record)
    return reporter.exit_code


def _column(name: str, cohort: Cohort) -> Column:
    """Return a column of the table, or a size of the spectra, with one cell a spectrum."""
    word = name.casefold()
    known = [own.casefold() for own in cohort.joined.table.names]
    if word in ("area", "volume") and word not in known:
        sizes = [getattr(item.spectrum, word) for item in cohort.items]
        return Column(name, np.array([np.nan if size is None else size for size in sizes], float))
    return cohort.joined.table.column(name).select(np.array(cohort.rows, np.int64))


class _Summary(Reporter):
    """Keeps what is said of single spectra, to say it once for all that it is true of."""

    def __init__(self) -> None:
        super().__init__()
        self._remarks: dict[str, list[tuple[str, str]]] = {}

    def fail(self, file: str, reason: str) -> None:
        self._remarks.setdefault(_kind(reason), []).append((file, reason))

    def note(self, file: str, remark: str) -> None:
        self._remarks.setdefault(_kind(remark), []).append((file, f"note: {remark}"))

    def report(self, reporter: Reporter) -> None:
        """Print one line a reason."""
        for found in self._remarks.values():
            first, reason = found[0]
            if len(found) > 1:
                files = list(dict.fromkeys(file for file, _ in found[1:]))
                where = f" ({listed(files)})" if files != [first] else ""
                reason += f" The same is true of {len(found) - 1:,} more{where}."
            fail = reporter.note if reason.startswith("note: ") else reporter.fail
            fail(first, reason.removeprefix("note: "))


def _kind(reason: str) -> str:
    """Return a reason without the spectrum's name and numbers."""
    return re.sub(r"\d+", "0", reason.partition(": ")[2] or reason)


def _traced(
    network: LoadedModel, cohort: Cohort, places: NDArray[np.int64], reporter: Reporter
) -> tuple[Layers, NDArray[np.int64]]:
    """Return every layer's output, and which of the cohort's spectra the rows are."""
    chosen = [cohort.items[place] for place in places]
    # A spectrum stays the same object where its item is replaced by one with a remark.
    place_of = {id(item.spectrum): place for item, place in zip(chosen, places, strict=True)}
    names = [layer.name for layer in network.description.layers]
    items: list[InputSpectrum] = []
    inputs, answers = [], []
    outputs: list[list[NDArray[np.float32]]] = [[] for _ in names]
    summary = _Summary()
    for batch in prepared(network, chosen, summary, force=True):
        for start in range(0, len(batch.items), BATCH):
            part = batch.inputs[start : start + BATCH]
            trace = network.trace_batch(part)
            inputs.append(part)
            answers.append(network.description.reading.probabilities(trace.output))
            for kept, (_, output) in zip(outputs, trace.layers, strict=True):
                kept.append(np.asarray(output).reshape(len(part), -1))
        items += batch.items
    summary.report(reporter)
    if not items:
        raise StudyError("The model accepts none of the spectra.")
    select = np.array([place_of[id(item.spectrum)] for item in items], np.int64)
    layers = Layers(
        np.array(cohort.rows, np.int64)[select],
        np.concatenate(inputs),
        {name: np.concatenate(kept) for name, kept in zip(names, outputs, strict=True)},
        np.concatenate(answers),
        tuple(network.description.classes),
    )
    return layers, select


def _found(
    settings: ConfoundSettings, columns: dict[str, Column], layers: Layers, reporter: Reporter
) -> Confounds:
    with reporter.progress("Probing") as advance:
        done = [0]

        def show(count: int, total: int, what: str) -> None:
            advance(count - done[0])
            done[0] = count

        return find_confounds(settings, columns, layers, Progress(show))


def _source(args: argparse.Namespace) -> Sequence[str]:
    """Return the words of the command that name data, table and model."""
    words = [*args.files, "--table", str(args.table)]
    for name, value in (("id", args.id_column), ("model", args.model), ("card", args.card)):
        words += [f"--{name}", str(value)] if value else []
    return words


def _print_plain(record: dict[str, Any]) -> None:
    for sentence in record["verdict"]:
        print(sentence)
    print()
    keys = ("score", "chance", "permuted", "p")
    rows = [
        [row["layer"], row["covariate"], row["metric"], *(f"{row[key]:.3f}" for key in keys)]
        for row in record["layers"]
    ]
    print_table(("layer", "looked for", "by", *keys), rows, {3, 4, 5, 6})
    if record["shadow"]:
        print()
        print(record["shadow"]["sentence"])
