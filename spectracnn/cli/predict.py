"""``spectracnn predict``: which class a model takes each spectrum for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.inputs import Item, add_inputs, expand, read_all
from spectracnn.cli.network import add_model, open_network, prepared
from spectracnn.cli.output import print_json, print_table, require_not_input, require_writable
from spectracnn.cli.reporting import Reporter
from spectracnn.core.atomic import atomic_path
from spectracnn.printable import encodable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Answer:
    """One spectrum's probabilities, parallel to the classes."""

    item: Item
    probabilities: NDArray[np.float32]

    @property
    def ranks(self) -> NDArray[np.int64]:
        """Classes from the most probable one down."""
        return np.argsort(-self.probabilities, kind="stable")

    @property
    def finite(self) -> bool:
        """Whether the network answered in numbers."""
        return bool(np.isfinite(self.probabilities).all())


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
    classes = network.description.classes
    answers: list[Answer] = []
    with reporter.progress("Classifying", len(files)) as advance:
        items = read_all(files, args.orientation, reporter, advance)
        for batch in prepared(network, items, reporter):
            output = network.predict(batch.inputs)
            answers += map(Answer, batch.items, output)
    if args.csv:
        _write_csv(args.csv, answers, classes)
    elif args.json:
        print_json([_record(answer, classes) for answer in answers])
    elif answers:
        _print_plain(answers, classes)
    return reporter.exit_code


def _record(answer: Answer, classes: Sequence[str]) -> dict[str, Any]:
    best = int(answer.ranks[0])
    probabilities = [_number(value) for value in answer.probabilities]
    return {
        "file": answer.item.file,
        "name": answer.item.spectrum.name,
        "class": classes[best] if answer.finite else None,
        "probability": probabilities[best],
        "probabilities": dict(zip(classes, probabilities, strict=True)),
    }


def _number(value: np.float32) -> float:
    """Return the number with the digits that a float32 has, and no more."""
    return float(str(value))


def _print_plain(answers: list[Answer], classes: Sequence[str]) -> None:
    rows = []
    for answer in answers:
        words = ["no finite answer", "", "", ""]
        if answer.finite:
            words = []
            for place in answer.ranks[:2]:
                words += [classes[place], f"{100 * answer.probabilities[place]:.1f} %"]
            words += [""] * (4 - len(words))
        rows.append([answer.item.file, answer.item.spectrum.name, *words])
    print_table(("file", "name", "class", "probability", "next", ""), rows, {3, 5})


def _write_csv(path: Path, answers: list[Answer], classes: Sequence[str]) -> None:
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        names = map(encodable, classes)
        writer.writerow(["file", "name", "class", "probability", *names])
        for answer in answers:
            record = _record(answer, classes)
            numbers = [record["probability"], *record["probabilities"].values()]
            words = [record["file"], record["name"], record["class"] or ""]
            writer.writerow([*map(encodable, words), *numbers])
