"""``spectracnn train``: a network with its card and reference file, from labelled spectra."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.cli.output import print_json, print_table
from spectracnn.cli.reporting import print_stderr
from spectracnn.core.input_presets import OWN, PRESETS
from spectracnn.core.outputs import Task
from spectracnn.core.training import EpochDone, StageBegan, StageDone, StopWish, TrainingEvent
from spectracnn.core.training_plan import OPTIMIZERS, STACK, TrainingPlan
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from spectracnn.core.training import TrainingDone

LAYER_FILES = (".txt", ".py")
"""Endings of files with a layer a line."""


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
        "--id",
        dest="id_column",
        default="",
        metavar="COLUMN",
        help="the column with the participant's name",
    )
    parser.add_argument("--target", default="", metavar="COLUMN", help="what is learned")
    parser.add_argument(
        "--group", default="", metavar="COLUMN", help="rows that stay together in the folds"
    )
    parser.add_argument(
        "--site", default="", metavar="COLUMN", help="the column with the sites; needs --combat"
    )
    parser.add_argument(
        "--combat",
        action="store_true",
        help="harmonise the sites with ComBat, fitted to the training part of each fold alone",
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
        help="plain (default), tutorial, ensemble, a JSON file as Keras's to_json writes it, or a "
        "text file with a line of Keras code for each layer",
    )
    parser.add_argument(
        "--preprocessing", default="", metavar="P",
        help=f"{', '.join(item.name for item in PRESETS)}, or a JSON file with steps as in a card "
        "(default: scale-free for classes, log-index for a number)",
    )  # fmt: skip
    _add_numbers(parser)
    parser.add_argument("--orientation", choices=("rows", "columns"), default="")
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    def number(name: str, help_text: str, **more: Any) -> None:
        parser.add_argument(name, metavar="N", help=help_text, **{"type": int, **more})

    number("--eigenvalues", "how many nonzero ones are read (default: 100, or as many as all have)")
    number("--epochs", "at most; default: the architecture's")
    number("--batch", "spectra a step; default: the architecture's")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, default="adamw", help="(adamw)")
    number("--rate", "learning rate; default: the architecture's", type=float)
    number("--seed", "of all random numbers (0)", default=0)
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
        "loss", "orientation", "optimizer", "site", "combat",
    )  # fmt: skip
    named = args.preprocessing in {OWN, *(item.name for item in PRESETS)}
    layers = layer_lines(args.architecture)
    values = {name: getattr(args, name) for name in names}
    if layers:
        values["architecture"] = STACK
    return TrainingPlan(
        data=tuple(args.data),
        task=Task(args.task),
        learning_rate=args.rate,
        augmentation=args.augment,
        preprocessing=args.preprocessing if named else OWN,
        steps=() if named else steps_of_file(args.preprocessing),
        layers=layers,
        **values,
    )


def steps_of_file(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the steps of a JSON file: a list of them, or a card.

    Raises
    ------
    SpectraCNNError
        If there is no such file, or it holds no steps.
    """
    known = ", ".join(item.name for item in PRESETS)
    path = Path(name)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpectraCNNError(
            f"{name}: the preprocessing cannot be read ({error.strerror}); known by name are "
            f"{known}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise SpectraCNNError(f"{name}: the preprocessing is not valid JSON.") from error
    found = record.get("preprocessing") if isinstance(record, dict) else record
    if not isinstance(found, list) or not found:
        raise SpectraCNNError(f"{name}: holds no list of steps.")
    return tuple(found)


def layer_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a text file of layers; empty for any other architecture.

    Raises
    ------
    SpectraCNNError
        If the file cannot be read, or holds no line.
    """
    if not name.endswith(LAYER_FILES):
        return ()
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SpectraCNNError(f"{name}: the layers cannot be read ({reason}).") from error
    lines = [line.split("#")[0].strip().rstrip(",") for line in text.splitlines()]
    found = tuple(line for line in lines if line)
    if not found:
        raise SpectraCNNError(f"{name}: names no layer.")
    return found


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
