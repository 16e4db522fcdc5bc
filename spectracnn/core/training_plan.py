"""What is trained on what, and how. Free of Keras and of Qt."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from spectracnn.core.input_presets import OWN, own_preset, preset, with_length
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import HarmoniseSites, Standardise
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT_IN = ("plain", "tutorial", "ensemble")
"""Architectures by name; any other is `STACK` or the path of a JSON file."""

STACK = "stack"
"""The architecture whose layers the plan names one by one."""

LOSSES = ("mse", "mae")
OPTIMIZERS = ("adamw", "adam", "rmsprop", "sgd")
"""Keras's; ``sgd`` has a momentum of 0.9."""


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that decides a training; the same plan and data give the same network.

    Parameters
    ----------
    data : tuple of str
        Files and folders of spectra.
    out : str
        The ``.keras`` file; card and reference file go beside it.
    task : Task
        Classification or regression.
    architecture : str
        One of `BUILT_IN`, `STACK`, or the path of a JSON file as Keras's ``to_json`` writes it.
    table, id_column, target, group, site : str
        A table of participants, the column that says who a row is (found out when empty), the one
        that is learned, the one whose rows stay together in cross-validation, and the one that says
        where each spectrum was measured.
    unit, title : str
        For the card.
    eigenvalues : int or None
        How many nonzero ones are read; None for 100, or as many as the shortest spectrum has.
    epochs, batch : int or None
        Passes, and spectra a step; None for the architecture's own.
    learning_rate : float or None
        Of the optimiser at its highest.
    seed : int
        Of the folds, the first weights, and everything else that is drawn.
    folds, repeats : int
        Of the cross-validation; no folds for none.
    patience : int or None
        Epochs without a better validation loss after which a fit ends; 0 for never; None for the
        architecture's own. Where it is not 0, a share of the spectra is held back for it.
    class_weights : bool
        Whether rare classes weigh as much as frequent ones.
    augmentation : bool or None
        Whether varied spectra are made; None for the architecture's own.
    loss : str
        Of a regression: ``mse`` or ``mae``.
    orientation : str
        How the shapes of a table of eigenvalues lie; empty to find out.
    optimizer : str
        One of `OPTIMIZERS`.
    preprocessing : str
        A preset's name (:data:`spectracnn.core.input_presets.PRESETS`); empty for the task's own.
    steps : tuple of mapping
        Steps as in a card, in the place of a preset. They end before the standardisation, which is
        fitted to the training part of each fold.
    layers : tuple of str
        Of the architecture `STACK`: a line of Keras code each.
    labels : tuple of (str, str, str)
        Labels that were typed: file, name of the spectrum, label. Where there are any, others do
        not count.
    combat : bool
        Whether sites are harmonised by ComBat, fitted to the training part of each fold.
    """

    data: tuple[str, ...]
    out: str
    task: Task = Task.CLASSIFICATION
    architecture: str = "plain"
    table: str = ""
    id_column: str = ""
    target: str = ""
    group: str = ""
    site: str = ""
    combat: bool = False
    unit: str = ""
    title: str = ""
    eigenvalues: int | None = None
    epochs: int | None = None
    batch: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    folds: int = 5
    repeats: int = 1
    patience: int | None = None
    class_weights: bool = False
    augmentation: bool | None = None
    loss: str = "mse"
    orientation: str = ""
    optimizer: str = "adamw"
    preprocessing: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    layers: tuple[str, ...] = ()
    labels: tuple[tuple[str, str, str], ...] = ()

    def checked(self) -> TrainingPlan:
        """Return the plan, or refuse it.

        Raises
        ------
        SpectraCNNError
            If a number is out of its range, or a name unknown; one sentence.
        """
        if self.task not in (Task.CLASSIFICATION, Task.REGRESSION):
            raise SpectraCNNError(f"A network cannot be trained here for {self.task}.")
        self._check_numbers()
        if self.loss not in LOSSES:
            raise SpectraCNNError(f"The loss of a regression is mse or mae; found '{self.loss}'.")
        if self.optimizer not in OPTIMIZERS:
            words = f"{', '.join(OPTIMIZERS[:-1])} or {OPTIMIZERS[-1]}"
            raise SpectraCNNError(f"The optimiser is {words}; found '{self.optimizer}'.")
        if self.combat and not self.site:
            raise SpectraCNNError("ComBat needs the column of the sites to harmonise (--site).")
        if self.site and not self.combat:
            raise SpectraCNNError(
                f"The column of the sites, '{self.site}', is of use to ComBat alone.",
                "Add --combat, or leave the sites out.",
            )
        if self.architecture == STACK and not self.layers:
            raise SpectraCNNError("The architecture has no layers; name one per line.")
        self.input_steps(1)
        if self.augmentation and not self.is_scale_free:
            raise SpectraCNNError(
                "Varied spectra are made of the scale-free input alone; found other preprocessing.",
                "Leave the augmentation or the preprocessing to the program.",
            )
        return replace(self, task=Task(self.task))

    def _check_numbers(self) -> None:
        for name in ("epochs", "batch", "eigenvalues"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SpectraCNNError(f"The number of {_WORDS[name]} is 1 or more; found {value}.")
        if self.folds != 0 and self.folds < 2:
            raise SpectraCNNError(f"Cross-validation needs 2 folds or more; found {self.folds}.")
        if self.repeats < 1:
            raise SpectraCNNError(f"The number of repeats is 1 or more; found {self.repeats}.")
        if not 0 <= self.seed < 1 << 31:
            raise SpectraCNNError(f"A seed is between 0 and {(1 << 31) - 1}; found {self.seed}.")
        rate = self.learning_rate
        if rate is not None and not 0 < rate <= 1000:
            raise SpectraCNNError(f"The learning rate is above 0 and at most 1000; found {rate:g}.")
        if self.patience is not None and self.patience < 0:
            raise SpectraCNNError(f"The patience is 0 or more epochs; found {self.patience}.")

    def input_steps(self, eigenvalues: int) -> Preprocessing:
        """Return the steps from a file's eigenvalues to what is standardised.

        Parameters
        ----------
        eigenvalues : int
            How many are read, where the steps leave that open.

        Raises
        ------
        SpectraCNNError
            If a preset, a step or a parameter is not known.
        """
        if not self.steps:
            name = own_preset(self.task) if self.preprocessing == OWN else self.preprocessing
            return preset(name).steps(eigenvalues)
        read = Preprocessing.from_json(list(self.steps))
        for step in read.steps:
            if isinstance(step, Standardise | HarmoniseSites):
                raise SpectraCNNError(
                    f"The step '{step.name}' is fitted to the training part of each fold; leave it "
                    "out of the steps."
                )
        return with_length(read, eigenvalues)

    @property
    def is_scale_free(self) -> bool:
        """Whether the input is the one from which varied spectra are made."""
        return self.input_steps(1) == preset("scale-free").steps(1)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        plain = {name: list(getattr(self, name)) for name in ("data", "steps", "layers", "labels")}
        return {**asdict(self), **plain, "task": str(self.task)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> TrainingPlan:
        """Read what `to_json` returned."""
        rows = {name: tuple(record.get(name, ())) for name in ("data", "steps", "layers")}
        labels = tuple((str(a), str(b), str(c)) for a, b, c in record.get("labels", ()))
        return cls(**{**record, **rows, "labels": labels, "task": Task(record["task"])})


_WORDS = {"epochs": "epochs", "batch": "spectra in a batch", "eigenvalues": "eigenvalues"}
