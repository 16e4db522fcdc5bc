"""What is chosen in the form about a training: a frozen record, saved and undone like edits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from spectracnn.core.outputs import Task


class LabelSource(IntEnum):
    """Where the labels of a training are, in the order in which the form offers them."""

    FILES = 0
    WINDOW = 1
    TABLE = 2


@dataclass(frozen=True)
class TrainingChoice:
    """What is trained on what, as far as it is chosen; a plan is made of it when it begins.

    Parameters
    ----------
    data : tuple of str or None
        Files and folders of spectra; None for what the form offers at first.
    data_words : str
        What they are called in the form.
    task : Task
        Classification or regression.
    labels : LabelSource
        Where the labels are.
    table, target, id_column, group, site : str
        A table of labels and its columns; sites are harmonised where one is named.
    unit, loss : str
        Of a regression.
    preprocessing : str
        A preset's name; empty for the task's own.
    steps : tuple of str
        Steps in the place of a preset, each as JSON, as a card has it.
    eigenvalues : int or None
        How many are read.
    architecture : str
        A name, or the path of a JSON file.
    layers : tuple of str
        Lines of code of an architecture that was put together by hand.
    optimizer : str
        As a plan names it.
    learning_rate : float or None
        None for the architecture's own, as for the next three.
    epochs, batch, patience : int or None
        Passes, spectra a step, and epochs without progress.
    augmentation : bool or None
        Whether varied spectra are made.
    class_weights : bool
        Whether rare classes weigh as much as frequent ones.
    folds, seed : int
        Of the cross-validation, and of what is drawn.
    out : str
        The file that is written; empty for the one that is proposed.
    follows : bool
        Whether the panels follow each epoch.
    """

    data: tuple[str, ...] | None = None
    data_words: str = ""
    task: Task = Task.CLASSIFICATION
    labels: LabelSource = LabelSource.FILES
    table: str = ""
    target: str = ""
    id_column: str = ""
    group: str = ""
    site: str = ""
    unit: str = ""
    loss: str = "mse"
    preprocessing: str = ""
    steps: tuple[str, ...] = ()
    eigenvalues: int | None = None
    architecture: str = "plain"
    layers: tuple[str, ...] = ()
    optimizer: str = "adamw"
    learning_rate: float | None = None
    epochs: int | None = None
    batch: int | None = None
    patience: int | None = None
    augmentation: bool | None = None
    class_weights: bool = False
    folds: int = 5
    seed: int = 0
    out: str = ""
    follows: bool = True
