"""Who is in a group: by a column, or by what the network says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.cohort.columns import answers, column, levels_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.state.document import Document

OTHERS = "all others"
PREDICTED = "predicted class"
EVERYBODY = "all spectra"
_NOBODY = -2


def group_codes(document: Document, name: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the group of each entry, -1 for none, and the groups' names.

    Parameters
    ----------
    document : Document
        What is open.
    name : str
        A column, or `PREDICTED`.

    Raises
    ------
    StudyError
        If there is no such column.
    """
    if name == PREDICTED:
        found = answers(document)
        return found.predicted, found.classes
    return levels_of(column(document, name))


def member_ids(
    document: Document,
    groups: tuple[NDArray[np.int64], tuple[str, ...]],
    name: str,
    first: str = "",
) -> tuple[int, ...]:
    """Return the entries of a group.

    Parameters
    ----------
    document : Document
        What is open.
    groups : (ndarray, tuple of str)
        From `group_codes`.
    name : str
        A group, `EVERYBODY`, or `OTHERS`.
    first : str
        The group that the others are not in.
    """
    codes, levels = groups
    every = document.answers.ids
    if len(codes) != len(every):  # entries came or went meanwhile
        return ()
    if name == EVERYBODY:
        return tuple(every.tolist())
    if name == OTHERS:
        return tuple(every[(codes != _place(levels, first)) & (codes >= 0)].tolist())
    return tuple(every[codes == _place(levels, name)].tolist())


def _place(levels: tuple[str, ...], name: str) -> int:
    return levels.index(name) if name in levels else _NOBODY


def drawn(ids: tuple[int, ...], most: int) -> tuple[int, ...]:
    """Return at most so many of these, drawn at random, the same each time."""
    if len(ids) <= most:
        return ids
    places = np.random.default_rng(0).choice(len(ids), most, replace=False)
    return tuple(ids[place] for place in np.sort(places))
