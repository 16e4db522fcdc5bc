"""``spectracnn train``: a network with its card and reference file, from labelled spectra."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.cli.output import print_json, print_table
from spectracnn.cli.reporting import print_stderr
from spectracnn.core.outputs import Task
from spectracnn.core.training import (
    EpochDone,
    StageBegan,
    StageDone,
    StopWish,
    TrainingEvent,
    TrainingPlan,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spectracnn.core.training import TrainingDone


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "train",
        help="train a network on labelled spectra",
        description=(
            "Train a network on labelled spectra, cross-validate it beside simpler methods, and "
            "write it with its card and its reference file. The label of a spectrum is in a table "
            "(--table, --target), in its file, or the name of its folder. Ctrl+C stops and keeps "
            "nothing; a run that crashed goes on when the same command is given again."
        ),
    )
    parser.add_argument("data", nargs="+", metavar="DATA", help="files or folders of spectra")
    parser.add_argument("--out", required=True, metavar="M.keras", help="the model to write")
    parser.add_argument("--table", default="", metavar="T.csv", help="a table of participants")
    parser.add_argument(
        "--id", dest="id_column", default="", metavar="COLUMN", help="who a row of the table is"
    )
    parser.add_argument("--target", default="", metavar="COLUMN", help="what is learned")
    parser.add_argument(
        "--group", default="", metavar="COLUMN", help="rows that stay together in the folds"
    )
    parser.add_argument(
        "--task", choices=("classification", "regression"), default="classification"
    )
    parser.add_argument("--unit", default="", metavar="U", help="of a regression's target")
    parser.add_argument("--title", default="", metavar="TEXT", help="of the model's card")
    parser.add_argument(
        "--architecture",
        default="plain",
        metavar="A",
        help="plain (default), tutorial, ensemble, or a JSON file as Keras's to_json writes it",
    )
    _add_numbers(parser)
    parser.add_argument("--orientation", choices=("rows", "columns"), default="")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    def number(name: str, help_text: str, **more: Any) -> None:
        parser.add_argument(name, metavar="N", help=help_text, **{"type": int, **more})

    number("--eigenvalues", "how many nonzero ones are read (default: 100, or as many as all have)")
    number("--epochs", "at most; default: the architecture's")
    number("--batch", "spectra a step; default: the architecture's")
    number("--rate", "learning rate; default: the architecture's", type=float)
    number("--seed", "of everything that is drawn (0)", default=0)
    number("--folds", "of the cross-validation (5); 0 for none", default=5)
    number("--repeats", "of the cross-validation, with other folds (1)", default=1)
    number("--patience", "epochs without a better validation loss until a fit ends; 0 for never")
    parser.add_argument("--loss", choices=("mse", "mae"), default="mse", help="of a regression")
    parser.add_argument(
        "--class-weights", action="store_true", help="let rare classes weigh as much as others"
    )
    parser.add_argument(
        "--augment", action=argparse.BooleanOptionalAction, default=None,
        help="learn from varied spectra, or from the spectra alone",
    )  # fmt: skip


def plan_of(args: argparse.Namespace) -> TrainingPlan:
    """Return what the arguments ask for."""
    names = (
        "out", "architecture", "table", "id_column", "target", "group", "unit", "title",
        "eigenvalues", "epochs", "batch", "seed", "folds", "repeats", "patience", "class_weights",
        "loss", "orientation",
    )  # fmt: skip
    return TrainingPlan(
        data=tuple(args.data),
        task=Task(args.task),
        learning_rate=args.rate,
        augmentation=args.augment,
        **{name: getattr(args, name) for name in names},
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    plan = plan_of(args).checked()
    # Here, because it brings Keras with it.
    from spectracnn.nn.train.run import train

    with _bar() as show:
        done = train(plan, _Terminal(show))
    for note in done.notes:
        print_stderr(f"spectracnn: note: {note}")
    if args.json:
        print_json(dict(done.report))
    else:
        _print(done)
    return 0


@dataclass
class _Terminal:
    """Shows the events as one bar."""

    show: Callable[[float, str], None]
    snapshots: bool = False
    began: StageBegan | None = None

    def emit(self, event: TrainingEvent) -> None:
        if isinstance(event, StageBegan):
            self.began = event
        elif self.began is not None and isinstance(event, EpochDone):
            share = (event.stage + event.epoch / max(event.epochs, 1)) / self.began.stages
            self.show(share, f"{self.began.title}: epoch {event.epoch}, loss {event.loss:.3f}")
        elif self.began is not None and isinstance(event, StageDone):
            self.show((event.stage + 1) / self.began.stages, self.began.title)

    def wish(self) -> StopWish | None:
        return None


@contextmanager
def _bar() -> Iterator[Callable[[float, str], None]]:
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda share, text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
        Remaining(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def _print(done: TrainingDone) -> None:
    report = done.report
    metrics = [name for name in ("accuracy", "r2", "mae") if name in report]
    if report[metrics[0]] is not None:
        print(f"{report['how'][:1].upper()}{report['how'][1:]}.")
        header = ["method", *(word for name in metrics for word in (name, "sd"))]
        own: Mapping[str, Any] = {name: report[name] for name in metrics}
        rows = [
            _row(name, scores, metrics)
            for name, scores in {**report["baselines"], "this model": own}.items()
        ]
        print_table(header, rows, set(range(1, len(header))))
        print()
    print(
        f"{done.model}: {report['parameters']:,} parameters, trained on all "
        f"{report['spectra']} spectra; its card and its reference file are beside it"
    )


def _row(name: str, scores: Mapping[str, Any], metrics: list[str]) -> list[str]:
    numbers = [f"{scores[metric][part]:.3f}" for metric in metrics for part in ("mean", "sd")]
    return [name, *numbers]
