"""``spectracnn plot``: the window's figures without a display."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from spectracnn.cli.inputs import InputSpectrum, add_inputs, expand, read_all
from spectracnn.cli.network import add_model, open_network
from spectracnn.cli.output import require_folder
from spectracnn.cli.reporting import Reporter
from spectracnn.errors import PreprocessingError
from spectracnn.figures.export import FORMATS, Panel, export_figure
from spectracnn.figures.provenance import provenance
from spectracnn.figures.style import ThemeName, make_style
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection
from spectracnn.view.resolve import resolve

if TYPE_CHECKING:
    from spectracnn.nn.loaded_model import LoadedModel

PANELS = ("spectrum", "layers", "prediction", "all")
_UNSAFE = re.compile(r"[^\w.\-]+")
_LONGEST = 80


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "plot",
        help="draw figures of spectra, layers and predictions",
        description="One figure a spectrum and panel, drawn as the window's export draws them.",
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
    network = open_network(args, reporter) if needed else None
    taken: set[str] = set()
    with reporter.progress("Drawing", len(files)) as advance:
        for item in read_all(files, args.orientation, reporter, advance):
            stem = unique_stem(item.spectrum.name, taken)
            draw(item, network, args, args.out / stem, reporter)
    return reporter.exit_code


def draw(
    item: InputSpectrum,
    network: LoadedModel | None,
    args: argparse.Namespace,
    stem: Path,
    reporter: Reporter,
) -> None:
    """Write one spectrum's figures; of one that the model refuses, only the spectrum's own."""
    entry = Entry(0, item.spectrum)
    document = Document((entry,), network.description if network else None)
    panels = args.panels
    if network is not None:
        try:
            trace = network.trace(item.spectrum)
        except PreprocessingError as error:
            reporter.fail(item.file, str(error))
            panels = [panel for panel in panels if panel == "spectrum"]
        else:
            document = document.with_entries([Entry(0, item.spectrum, trace.probabilities)])
            document = document.with_trace(0, trace)
    selection = Selection(current=0)
    contents = resolve(document, selection)
    origin = provenance(document, selection)
    for panel in panels:
        path = stem.with_name(f"{stem.name}-{panel}.{args.format}")
        export_figure(contents, panel, path, dpi=args.dpi, theme=args.theme, provenance=origin)


def unique_stem(name: str, taken: set[str]) -> str:
    """Return a file name's stem that any system takes, and that was not returned before.

    Examples
    --------
    >>> taken = set()
    >>> [unique_stem(name, taken) for name in ("lh/white", "lh white", "LH_white", "..")]
    ['lh_white', 'lh_white-2', 'LH_white-3', 'spectrum']
    """
    stem = _UNSAFE.sub("_", name).strip("._ ")[:_LONGEST].rstrip("._ ") or "spectrum"
    if stem.lower() in {"con", "prn", "aux", "nul"}:
        stem = f"{stem}_"
    candidate, count = stem, 1
    # Some systems do not tell capitals apart.
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{stem}-{count}"
    taken.add(candidate.casefold())
    return candidate
