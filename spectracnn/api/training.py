"""Training a network from a notebook or a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from spectracnn.core.training_plan import TrainingPlan
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.training import TrainingDone


def train(
    data: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    **options: Any,
) -> TrainingDone:
    """Train a network on labelled spectra; the same plan and data give the same network.

    Parameters
    ----------
    data : path, or iterable of paths
        Files and folders of spectra. The label of a spectrum is in a table, in its file, or the
        name of its folder.
    out : path
        The ``.keras`` file; card and reference file go beside it.
    **options
        Fields of `TrainingPlan`: ``task``, ``architecture``, ``table``, ``target``, ``epochs``,
        ``folds``, ``seed`` and others.

    Returns
    -------
    TrainingDone
        The files and the figures of the cross-validation.

    Raises
    ------
    SpectraCNNError
        If the data, an option or the place to write are of no use.
    """
    from spectracnn.nn.train.run import train as run

    paths = [data] if isinstance(data, str | os.PathLike) else data
    try:
        plan = TrainingPlan(tuple(os.fspath(path) for path in paths), os.fspath(out), **options)
    except TypeError as error:
        raise SpectraCNNError(f"{error}.".replace("TrainingPlan.__init__()", "train")) from error
    return run(plan)
