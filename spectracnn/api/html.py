"""Small tables for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS = 30


def table(heading: str, header: Sequence[str], rows: Iterable[Sequence[object]], total: int) -> str:
    """Return a table as HTML, its text escaped.

    Parameters
    ----------
    heading : str
        Above it.
    header : sequence of str
        Of the columns.
    rows : iterable of sequence
        The first of them are shown.
    total : int
        How many there are.
    """
    cells = "".join(f"<th>{escape(name)}</th>" for name in header)
    lines = [f"<p>{escape(heading)}</p><table><thead><tr>{cells}</tr></thead><tbody>"]
    for place, row in enumerate(rows):
        if place == MOST_ROWS:
            lines.append(f"<tr><td colspan={len(header)}>and {total - place} more</td></tr>")
            break
        lines.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>")
    return "".join([*lines, "</tbody></table>"])
