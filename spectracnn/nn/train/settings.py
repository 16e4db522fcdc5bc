"""How each architecture is trained where the person chose nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from spectracnn.core.training_plan import TrainingPlan

SGD_RATE = 10.0
"""How many times the rate of Adam and its kin gradient descent with momentum begins with."""

FEW = 1500
"""Up to how many spectra a teacher and varied spectra help; more spectra speak for themselves."""


@dataclass(frozen=True)
class TrainingSettings:
    """The numbers of a fit.

    Parameters
    ----------
    epochs, batch : int
        Passes at most, and spectra a step.
    least_batches : int
        Steps of an epoch where the spectra alone would give fewer: of varied spectra an epoch is
        a draw, not a pass.
    rate : float
        The learning rate at its highest.
    constant : bool
        Whether the rate stays there; else it rises at first and falls as a cosine.
    decay : float
        AdamW's decay of the kernels.
    averaging : float
        Decay of the moving average of the weights, which is what is kept; 0 keeps the last.
    taught : bool
        Whether varied spectra are made and judged by the teacher.
    patience : int
        Epochs without a better validation loss until a fit ends; 0 for never.
    held_back : float
        Share of the spectra that validates where there is a patience.
    smoothness : float
        Weight of the roughness of the first layer's filters in the loss.
    class_weights : bool
        Whether rare classes weigh as much as frequent ones.
    loss : str
        ``cross-entropy``, ``mse`` or ``mae``.
    optimizer : str
        ``adamw``, ``adam``, ``rmsprop`` or ``sgd``.
    """

    epochs: int
    batch: int = 64
    least_batches: int = 1
    rate: float = 3e-3
    constant: bool = False
    decay: float = 0.01
    averaging: float = 0.995
    taught: bool = True
    patience: int = 0
    held_back: float = 0.15
    smoothness: float = 0.0
    class_weights: bool = False
    loss: str = "cross-entropy"
    optimizer: str = "adamw"

    def batches(self, n_spectra: int) -> int:
        """Return how many steps an epoch takes."""
        return max(-(-n_spectra // self.batch), self.least_batches)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, for the card."""
        return asdict(self)


PLAIN = TrainingSettings(epochs=75, least_batches=40, smoothness=0.02)
ENSEMBLE = TrainingSettings(epochs=18, least_batches=40, rate=2e-3, averaging=0.99)
TUTORIAL = TrainingSettings(
    epochs=100, batch=32, rate=1e-3, constant=True, decay=0.0, averaging=0.0, taught=False
)
OWN = replace(TUTORIAL, epochs=150, patience=30, averaging=0.9)
"""Of an architecture from a file."""

REGRESSION = TrainingSettings(
    epochs=200, batch=32, rate=3e-3, averaging=0.98, taught=False, patience=40, loss="mse"
)


def settings_for(plan: TrainingPlan, n_spectra: int) -> TrainingSettings:
    """Return the numbers of a plan: the architecture's own, and what the person chose.

    Parameters
    ----------
    plan : TrainingPlan
        Checked.
    n_spectra : int
        How many there are to learn from.
    """
    own = {"plain": PLAIN, "ensemble": ENSEMBLE, "tutorial": TUTORIAL}.get(plan.architecture, OWN)
    if plan.task is Task.REGRESSION:
        own = replace(REGRESSION, loss=plan.loss)
    elif own.taught and n_spectra > FEW:
        own = replace(own, taught=False, least_batches=1, patience=20)
    elif own.taught and not plan.is_scale_free:
        own = replace(own, taught=False, patience=20)
    if plan.augmentation is not None and plan.task is not Task.REGRESSION:
        own = replace(own, taught=plan.augmentation)
    chosen = {
        "epochs": plan.epochs,
        "batch": plan.batch,
        "rate": plan.learning_rate,
        "patience": plan.patience,
    }
    if plan.optimizer == "sgd":
        own = replace(own, rate=SGD_RATE * own.rate)
    given: dict[str, Any] = {key: value for key, value in chosen.items() if value is not None}
    return replace(own, class_weights=plan.class_weights, optimizer=plan.optimizer, **given)
