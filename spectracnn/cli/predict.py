"""``spectracnn predict``: which class a model takes each spectrum for."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.cli.inputs import add_inputs, expand, read_all
from spectracnn.cli.network import add_model, open_network, prepared
from spectracnn.cli.output import print_json, print_table, require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.said import Answer, cells, header, record, words
from spectracnn.cli.trust import Trust
from spectracnn.core.atomic import atomic_path
from spectracnn.core.conformal import LEVEL, checked_level
from spectracnn.errors import SpectraCNNError
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from spectracnn.core.reading import Reading


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "predict",
        help="classify spectra",
        description="For each spectrum: the class that the model takes it for, with probability.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--set", type=_level, default=LEVEL, dest="level", metavar="LEVEL",
        help="how often a prediction set shall hold the true class (0.9)",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON list")
    form.add_argument("--csv", type=Path, metavar="OUT", help="write a table of all probabilities")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    if args.csv:
        require_writable(args.csv)
    files = expand(args.files, reporter)
    if args.csv:
        require_not_input(args.csv, files)
    network = open_network(args, reporter, files)
    reading = network.description.reading
    answers: list[Answer] = []
    with reporter.progress("Classifying", len(files)) as advance:
        items = read_all(files, args.orientation, reporter, advance)
        for batch in prepared(network, items, reporter, force=args.force):
            output = network.predict(batch.inputs)
            said = reading.probabilities(output)
            spectra = [item.spectrum for item in batch.items]
            known = network.judge(batch.inputs, spectra, batch.positions)
            judged = [known[row] for row in range(len(known))]
            answers += map(Answer, batch.named, output, said, judged)
    _say_doubts(answers, reading, reporter)
    trust = Trust.of(network.description, args.level)
    if args.csv:
        _write_csv(args.csv, answers, trust)
    elif args.json:
        print_json([record(item, reading) | trust.fields(item) for item in answers])
    elif answers:
        _print_plain(answers, trust)
    return reporter.exit_code


def _say_doubts(answers: list[Answer], reading: Reading, reporter: Reporter) -> None:
    """Report once what is no probability, with the first spectrum that shows it."""
    for answer in answers:
        doubt = reading.doubt(answer.output)
        if doubt:
            reporter.note(answer.item.file, f"{answer.item.spectrum.name}: {doubt}")
            return


def _level(text: str) -> float:
    try:
        return checked_level(float(text))
    except (ValueError, SpectraCNNError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1") from error


def _print_plain(answers: list[Answer], trust: Trust) -> None:
    reading, rows = trust.reading, []
    for answer in answers:
        told = record(answer, reading)
        rows.append([told["file"], told["name"], *words(answer, reading), *trust.words(answer)])
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


def _write_csv(path: Path, answers: list[Answer], trust: Trust) -> None:
    reading = trust.reading
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        rows: list[list[Any]] = [[*header(reading), *trust.header]]
        rows += [[*cells(item, reading), *trust.cells(item)] for item in answers]
        writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: str | float) -> str | float:
    return encodable(cell) if isinstance(cell, str) else cell
