"""Measure, print the table, write the numbers."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from benchmarks import machine, registry, table

HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks.

    Returns
    -------
    int
        0 when all figures meet their targets, 1 when some fall short, 2 when one could not be
        measured.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=registry.BENCHMARKS, metavar="NAME",
        help=f"run this one, can be given again: {', '.join(registry.BENCHMARKS)}",
    )  # fmt: skip
    parser.add_argument(
        "--json", type=Path, metavar="OUT",
        help="where to write the numbers (default: benchmarks/results.json after a whole run)",
    )  # fmt: skip
    parser.add_argument(
        "--update-readme", action="store_true", help="put the table into the README"
    )
    options = parser.parse_args(arguments)
    if options.only and options.update_readme:
        parser.error("--update-readme needs a whole run: all figures of a table are of one run")
    names = tuple(options.only or registry.BENCHMARKS)
    results = measure(names)
    verdicts = [v for figure in registry.FIGURES if (v := figure.judge(results)) is not None]
    text = table.markdown(verdicts)
    print(text)
    out = options.json or (None if options.only else HERE / "results.json")
    if out is not None:
        report = {
            "machine": machine.describe(),
            "figures": [verdict.to_json() for verdict in verdicts],
            "measurements": results,
        }
        out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    if len(results) < len(names):
        return 2
    if options.update_readme:
        table.update_readme(HERE.parent / "README.md", text)
    return 0 if all(verdict.met for verdict in verdicts) else 1


def measure(names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Run benchmarks one after the other; tell how it goes on stderr.

    One that fails is told and left out, so that it does not cost the others' results.
    """
    results = {}
    for name in names:
        print(f"{name} ...", end=" ", flush=True, file=sys.stderr)
        start = time.monotonic()
        try:
            results[name] = registry.load(name)()
        except Exception:  # noqa: BLE001  (whatever it was, the others go on)
            print("failed", file=sys.stderr)
            traceback.print_exc()
            continue
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return results


if __name__ == "__main__":
    sys.exit(main())
