"""``spectracnn predict``: which class a model takes each spectrum for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.cli.inputs import add_inputs, expand, read_all
from spectracnn.cli.network import add_model, open_network, prepared
from spectracnn.cli.output import print_json, print_table, require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.cli.said import Answer, cells, header, record, words
from spectracnn.core.atomic import atomic_path
from spectracnn.printable import encodable

if TYPE_CHECKING:
    import argparse

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
    network = open_network(args, reporter)
    reading = network.description.reading
    answers: list[Answer] = []
    with reporter.progress("Classifying", len(files)) as advance:
        items = read_all(files, args.orientation, reporter, advance)
        for batch in prepared(network, items, reporter):
            output = network.predict(batch.inputs)
            said = reading.probabilities(output)
            answers += map(Answer, batch.named, output, said)
    _say_doubts(answers, reading, reporter)
    if args.csv:
        _write_csv(args.csv, answers, reading)
    elif args.json:
        print_json([record(answer, reading) for answer in answers])
    elif answers:
        _print_plain(answers, reading)
    return reporter.exit_code


def _say_doubts(answers: list[Answer], reading: Reading, reporter: Reporter) -> None:
    """Report once what is no probability, with the first spectrum that shows it."""
    for answer in answers:
        doubt = reading.doubt(answer.output)
        if doubt:
            reporter.note(answer.item.file, f"{answer.item.spectrum.name}: {doubt}")
            return


def _print_plain(answers: list[Answer], reading: Reading) -> None:
    rows = []
    for answer in answers:
        told = record(answer, reading)
        rows.append([told["file"], told["name"], *words(answer, reading)])
    if reading.is_values:
        print_table(("file", "name", reading.classes[0]), [row[:3] for row in rows], {2})
        return
    print_table(("file", "name", "class", "probability", "next", ""), rows, {3, 5})


def _write_csv(path: Path, answers: list[Answer], reading: Reading) -> None:
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        rows = [header(reading), *(cells(answer, reading) for answer in answers)]
        writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: str | float) -> str | float:
    return encodable(cell) if isinstance(cell, str) else cell
