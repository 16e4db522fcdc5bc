"""Which commands there are. Imports none of them, so that each start costs only its own command."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

# A command is a module with ``add_parser(subparsers)`` and ``run(args) -> int``.
_MODULES = {
    "info": "spectracnn.cli.info",
    "predict": "spectracnn.cli.predict",
    "trace": "spectracnn.cli.trace",
    "plot": "spectracnn.cli.plot",
    "explain": "spectracnn.cli.explain",
    "model": "spectracnn.cli.model",
    "train": "spectracnn.cli.train",
    "spectrum": "spectracnn.cli.spectrum",
    "stats": "spectracnn.cli.stats",
    "confounds": "spectracnn.cli.confounds",
}


@cache
def commands() -> dict[str, str]:
    """Return the modules of the commands that this installation has, by name."""
    return {name: module for name, module in _MODULES.items() if find_spec(module) is not None}
