"""What text costs in memory once it is split into cells, found out before it is split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spectracnn.io.source import Source

CELL_BYTES = 150
"""A cell as text, as a number and in the tables of what it is."""

_SMALL = 1 << 20
_BLOCK = 1 << 20
_SEPARATORS = np.zeros(256, bool)
_SEPARATORS[list(b",;\t\n\r")] = True
_BLANKS = np.zeros(256, bool)
_BLANKS[list(b" \v\f")] = True


def claim_cells(source: Source) -> None:
    """Refuse text whose cells would take more memory than its file deserves.

    Raises
    ------
    FileFormatError
        If it has too many cells for its size, as text that was packed may.
    """
    data = source.bytes()
    if len(data) <= _SMALL:
        return
    cells = count_cells(data)
    source.claim(4 * len(data) + CELL_BYTES * cells, f"a table of {cells} cells")


def claim_json(source: Source) -> None:
    """Likewise for JSON, whose every value and bracket becomes an object."""
    data = source.bytes()
    if len(data) > _SMALL:
        objects = sum(map(data.count, (b",", b"[", b"{", b":")))
        source.claim(3 * len(data) + 90 * objects, f"JSON of {objects} values")


def count_cells(data: bytes) -> int:
    """Return how many cells text has: each mark ends one, and each run of blanks.

    Examples
    --------
    >>> count_cells(b"1, 2   3")
    4
    """
    total, bytes_ = 1, np.frombuffer(data, np.uint8)
    for start in range(0, bytes_.size, _BLOCK):
        block = bytes_[start : start + _BLOCK]
        blank = _BLANKS[block]
        total += int(np.count_nonzero(_SEPARATORS[block]))
        total += int(np.count_nonzero(blank[1:] & ~blank[:-1])) + int(blank[:1].any())
    return total
