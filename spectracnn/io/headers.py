"""Lines before the numbers of a text file that say where they come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Mapping


def header_lines(origin: Mapping[str, Any]) -> str:
    r"""Return a line ``# key: value`` for each entry.

    Examples
    --------
    >>> header_lines({"file": "a.ev", "edits": ["scale", "noise"]})
    '# file: a.ev\n# edits: ["scale", "noise"]\n'
    """
    lines = []
    for key, value in origin.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines.append(f"# {key}: {' '.join(encodable(text).split())}\n")
    return "".join(lines)
