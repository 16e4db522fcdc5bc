"""``spectracnn info``: what files of spectra hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.cli.inputs import InputSpectrum, add_inputs, expand, read_all
from spectracnn.cli.output import print_json, print_table, short
from spectracnn.cli.reporting import Reporter

if TYPE_CHECKING:
    import argparse

_HEADER = ("name", "count", "kind", "area", "volume", "zeros", "first nonzero", "flags")
_NUMBERS = {1, 3, 4, 5, 6}
_FIRST = 5


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = subparsers.add_parser(
        "info",
        help="describe files of spectra",
        description="For each spectrum: name, count, kind, area, volume, zeros and flags.",
    )
    add_inputs(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    reporter = Reporter()
    files = expand(args.files, reporter)
    with reporter.progress("Reading", len(files)) as advance:
        items = list(read_all(files, args.orientation, reporter, advance))
    if args.json:
        print_json([record(item) for item in items])
    elif items:
        _print_plain(items)
    return reporter.exit_code


def record(item: InputSpectrum) -> dict[str, Any]:
    """Return what the JSON says of a spectrum."""
    spectrum = item.spectrum
    return {
        "file": item.file,
        "name": spectrum.name,
        "n": len(spectrum),
        "kind": spectrum.kind.value,
        "area": spectrum.area,
        "volume": spectrum.volume,
        "n_zeros": spectrum.flags.n_zeros,
        "flags": spectrum.flags.names(),
        "first": spectrum.eigenvalues[:_FIRST].tolist(),
    }


def _print_plain(items: list[InputSpectrum]) -> None:
    print_table(_HEADER, [_row(item) for item in items], _NUMBERS)


def _row(item: InputSpectrum) -> list[str]:
    spectrum = item.spectrum
    flags = spectrum.flags
    place = flags.n_zeros
    nonzero = float(spectrum.eigenvalues[place]) if place < len(spectrum) else None
    return [
        spectrum.name,
        str(len(spectrum)),
        spectrum.kind.value,
        short(spectrum.area),
        short(spectrum.volume),
        str(flags.n_zeros),
        short(nonzero),
        ", ".join(flags.names()) or "-",
    ]
