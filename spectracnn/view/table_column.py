"""What a column of the table of spectra is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.state.document import Document, Entry


def _always(_document: Document) -> bool:
    return True


def _nothing(_document: Document, _entry: Entry) -> str:
    return ""


def _never(_document: Document, _entry: Entry) -> bool:
    return False


@dataclass(frozen=True)
class TableColumn:
    """One column.

    Parameters
    ----------
    name : str
        Unique; for code and tests.
    title : str
        Its heading.
    text : callable
        What a cell says, from document and entry.
    about : str
        Tool tip of the heading.
    tip : callable
        Tool tip of a cell; empty for none.
    sort_key : callable, optional
        By what rows are sorted; the text in small letters if not given. Of one type in all rows.
    width : int
        In pixels, at first; 0 for as wide as the widest text.
    right : bool
        Whether the text stands at the right, as numbers do.
    searched : bool
        Whether the filter looks here.
    shown : callable
        Whether there is anything to show in a document.
    stands_out : callable
        Whether a cell is marked by a colour.
    spare : int
        Where there is no room for all columns, those of a higher number are left out first; 0 for
        one that is always shown.
    """

    name: str
    title: str
    text: Callable[[Document, Entry], str]
    about: str
    tip: Callable[[Document, Entry], str] = _nothing
    sort_key: Callable[[Document, Entry], Any] | None = None
    width: int = 80
    right: bool = False
    searched: bool = False
    shown: Callable[[Document], bool] = _always
    stands_out: Callable[[Document, Entry], bool] = _never
    spare: int = 0

    def key(self, document: Document, entry: Entry) -> Any:
        """Return by what a row is sorted."""
        if self.sort_key is not None:
            return self.sort_key(document, entry)
        return self.text(document, entry).casefold()
