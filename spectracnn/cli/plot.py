"""``spectracnn plot``: the window's figures without a display."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from spectracnn.cli.batch.command import add_restart, run_batch
from spectracnn.cli.inputs import add_inputs, expand
from spectracnn.cli.network import add_model, open_network
from spectracnn.cli.output import require_folder
from spectracnn.cli.plot_work import PlotWork
from spectracnn.cli.reporting import Reporter
from spectracnn.figures.export import FORMATS, Panel
from spectracnn.figures.style import ThemeName, make_style

PANELS = ("spectrum", "layers", "prediction", "all")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "plot",
        help="draw figures of spectra, layers and predictions",
        description="One figure per spectrum and panel, drawn as the window's export draws them.",
    )
    add_inputs(parser)
    add_model(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for the figures"
    )
    parser.add_argument("--format", choices=FORMATS, default="png", help="default: png")
    parser.add_argument(
        "--panels",
        type=_panels,
        default=("spectrum", "layers", "prediction"),
        metavar="LIST",
        help=f"comma-separated, of {', '.join(PANELS)} (default: spectrum,layers,prediction)",
    )
    parser.add_argument("--theme", choices=get_args(ThemeName), default="light")
    parser.add_argument("--dpi", type=float, default=200, help="dots per inch (default: 200)")
    add_restart(parser)
    parser.set_defaults(scheduler=None)


def _panels(text: str) -> tuple[Panel, ...]:
    known: dict[str, Panel] = {
        "spectrum": "spectrum",
        "layers": "layers",
        "prediction": "prediction",
        "all": "all",
    }
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        found = ", ".join(unknown) or "nothing"
        raise argparse.ArgumentTypeError(f"panels are {', '.join(PANELS)}; found {found}")
    return tuple(known[name] for name in dict.fromkeys(names))


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    make_style(args.theme, dpi=args.dpi)
    require_folder(args.out, create=True)
    files = expand(args.files, reporter)
    # A plot of spectra alone needs no model, and starts much faster without.
    needed = args.model is not None or any(panel != "spectrum" for panel in args.panels)
    work = PlotWork(
        args.model, args.card, args.orientation, args.force,
        folder=args.out, panels=args.panels, form=args.format, theme=args.theme, dpi=args.dpi,
        needed=needed,
    )  # fmt: skip
    if needed:
        work.adopt(open_network(args, reporter))
    return run_batch(work, args, files, reporter, "Drawing")
