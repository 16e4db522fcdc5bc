"""``spectracnn train``: a network and its card from spectra with labels."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from spectracnn.cli.output import print_table
from spectracnn.core.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.nn.train.run import TrainingReport


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "train",
        help="train a network on spectra with labels",
        description=(
            "Cross-validate the network beside simpler methods, then train it on all spectra and "
            "write it with its card. Ctrl+C stops and writes nothing."
        ),
    )
    parser.add_argument(
        "data", type=Path, metavar="DATA.h5", help="with eigenvalues, label and class_names"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL.keras")
    parser.add_argument("--seed", type=_count, default=0, metavar="N", help="default: 0")
    parser.add_argument(
        "--no-evaluate", dest="evaluate", action="store_false", help="skip the cross-validation"
    )
    parser.add_argument("--folds", type=_count, default=5, metavar="N", help="default: 5")
    parser.add_argument(
        "--seeds", type=_count, default=3, metavar="N", help="repetitions; default: 3"
    )
    parser.add_argument(
        "--epochs", type=_count, default=None, metavar="N", help="default: the recipe's"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    # Here, because it brings Keras with it.
    from spectracnn.nn.train.run import train

    with _progress() as progress:
        report = train(
            args.data,
            args.out,
            seed=args.seed,
            folds=args.folds,
            seeds=args.seeds,
            epochs=args.epochs,
            evaluate=args.evaluate,
            progress=progress,
        )
    _print(report)
    return 0


@contextmanager
def _progress() -> Iterator[Progress]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=message)

        yield Progress(show)


def _print(report: TrainingReport) -> None:
    if report.scores:
        shape = report.scores[0].accuracies.shape
        print(
            f"Accuracy in {shape[1]}-fold stratified cross-validation, {shape[0]} seeds: "
            "mean and standard deviation over folds and seeds."
        )
        rows = [
            [
                score.name,
                f"{score.mean:.3f}",
                f"{score.sd:.3f}",
                "-" if score.n_parameters is None else f"{score.n_parameters:,}",
            ]
            for score in report.scores
        ]
        print_table(("method", "mean", "sd", "parameters"), rows, {1, 2, 3})
        print()
    print(
        f"{report.training_accuracy:.3f} of the training spectra get their class "
        "(not cross-validated: says nothing about other spectra)."
    )
    print(f"{report.model}: {report.n_parameters:,} parameters, trained on all spectra")
    print(f"{report.card}: its card")


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number >= 0")
    return number
