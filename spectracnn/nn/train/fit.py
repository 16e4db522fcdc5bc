"""The training loop: compiled once, used for every fold; it can be watched, stopped and resumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from spectracnn.errors import SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.train.loop import Loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.designs import Design
    from spectracnn.nn.train.pool import TrainingPool
    from spectracnn.nn.train.settings import TrainingSettings

WARM_UP = 0.02
"""Share of the steps in which the learning rate rises."""

LAST_RATE = 0.01
"""The learning rate at the end, as a share of the highest."""

BETTER = 1e-4
"""By how much, as a share, a validation loss must fall to count as better."""


class Watch(Protocol):
    """Who looks on: hears of each epoch, and may want the fit to end."""

    def epoch(self, fit: Fit, done: Epoch) -> None:
        """Hear of an epoch; may raise to stop at once."""

    def stopping(self) -> bool:
        """Wait while the person wants a pause; say whether to end here and keep the best."""

    def save(self, fit: Fit) -> None:
        """Keep what the fit needs to go on after a crash."""


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to; numbers as in :class:`spectracnn.core.training.EpochDone`."""

    number: int
    loss: float
    metric: float
    validation_loss: float | None
    validation_metric: float | None
    rate: float
    best: bool


@dataclass
class Fit:
    """A fit that is under way.

    Parameters
    ----------
    loop : Loop
        With the network.
    epochs : int
        How many there are at most.
    done : int
        How many are done.
    best : list of ndarray
        The best averaged weights so far.
    best_loss : float
        Their validation loss.
    waited : int
        Epochs since.
    note : str
        Why it ended early.
    """

    loop: Loop
    epochs: int
    done: int = 0
    best: list[NDArray[Any]] = field(default_factory=list)
    best_loss: float = np.inf
    waited: int = 0
    note: str = ""

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that the fit needs to go on, as plain arrays."""
        numbers = np.array([self.done, self.waited, self.best_loss], np.float64)
        state = {"numbers": numbers, **self.loop.state()}
        return state | {f"best{place}": values for place, values in enumerate(self.best)}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go back to a state."""
        self.done, self.waited = (int(value) for value in state["numbers"][:2])
        self.best_loss = float(state["numbers"][2])
        places = sorted(int(key[4:]) for key in state if key.startswith("best"))
        self.best = [state[f"best{place}"] for place in places]
        self.loop.restore(state)


class Trainer:
    """Fits one architecture again and again.

    Parameters
    ----------
    design : Design
        The architecture.
    settings : TrainingSettings
        The numbers.
    """

    def __init__(self, design: Design, settings: TrainingSettings) -> None:
        self.design = design
        self.settings = settings
        self._loop = Loop(design, settings)

    def fit(
        self,
        pool: TrainingPool,
        watch: Watch,
        *,
        seed: int,
        n_spectra: int,
        held_back: TrainingPool | None = None,
        monitored: TrainingPool | None = None,
        state: dict[str, NDArray[Any]] | None = None,
    ) -> tuple[Any, Fit]:
        """Train from fresh weights, or from a state.

        Parameters
        ----------
        pool : TrainingPool
            What is learned.
        watch : Watch
            Who looks on.
        seed : int
            The same seed and pool give the same network.
        n_spectra : int
            How many spectra the pool was made of: the length of an epoch follows it.
        held_back : TrainingPool, optional
            Of other spectra, by which the best epoch is chosen.
        monitored : TrainingPool, optional
            Of other spectra, of which only the figures are reported.
        state : dict, optional
            From which the fit goes on.

        Returns
        -------
        network : keras.Model
            As it is shipped, with weights of its own.
        fit : Fit
            How it went.

        Raises
        ------
        SpectraCNNError
            If the loss is no number in the very first epoch.
        """
        fit = Fit(self._loop, self.settings.epochs)
        self._loop.reset(seed)
        if state is not None:
            fit.restore(state)
        batches = self.settings.batches(n_spectra)
        self._loop.load(pool)
        while fit.done < fit.epochs and not fit.note:
            number = fit.done
            order = _order(pool, batches, self.settings.batch, seed, number)
            loss, metric = self._loop.advance(order, self._rates(number, batches))
            if not self._finite(fit, loss):
                break
            fit.done += 1
            self._validate(fit, watch, loss, metric, held_back, monitored)
            watch.save(fit)
            if watch.stopping() and not fit.note:
                fit.note = f"It was stopped after epoch {fit.done}; the best weights are kept."
        if fit.best:
            self._loop.set_averages(fit.best)
        return self.design.shipped(self._loop.averaged), fit

    def _finite(self, fit: Fit, loss: float) -> bool:
        if np.isfinite(loss) and self._loop.finite():
            return True
        if not fit.best:
            raise SpectraCNNError(
                "The loss is no longer a number in the first epoch.",
                "Choose a lower learning rate, or look for absurd values in the data.",
            )
        fit.note = (
            f"The loss was no longer a number in epoch {fit.done + 1}; the weights of an earlier "
            "epoch are kept."
        )
        return False

    def _validate(
        self,
        fit: Fit,
        watch: Watch,
        loss: float,
        metric: float,
        held_back: TrainingPool | None,
        monitored: TrainingPool | None,
    ) -> None:
        judges = held_back or monitored
        found = None if judges is None else self._loop.evaluate(judges)
        best = True
        if held_back is not None and found is not None:
            best = found[0] < fit.best_loss - BETTER * abs(found[0])
            fit.waited = 0 if best else fit.waited + 1
            fit.best_loss = found[0] if best else fit.best_loss
            if self.settings.patience and fit.waited >= self.settings.patience:
                fit.note = (
                    f"It ended after epoch {fit.done}: the validation loss had not fallen for "
                    f"{fit.waited} epochs; the best weights are kept."
                )
        if best:
            fit.best = self._loop.averages()
        validation, measured = found or (None, None)
        rate = self._loop.rate
        watch.epoch(fit, Epoch(fit.done, loss, metric, validation, measured, rate, best))

    def _rates(self, epoch: int, batches: int) -> NDArray[np.float32]:
        how = self.settings
        if how.constant:
            return np.full(batches, how.rate, np.float32)
        total = how.epochs * batches
        place = (np.arange(batches) + epoch * batches) / max(total - 1, 1)
        rise = np.minimum(place / WARM_UP, 1.0)
        fall = 0.5 * (1 + np.cos(np.pi * np.clip((place - WARM_UP) / (1 - WARM_UP), 0, 1)))
        rates = how.rate * np.maximum(rise, 0.05) * (LAST_RATE + (1 - LAST_RATE) * fall)
        return rates.astype(np.float32)


def _order(pool: TrainingPool, batches: int, size: int, seed: int, epoch: int) -> NDArray[np.int32]:
    """Return which rows each batch of an epoch takes, shape (batches, size).

    Drawn from seed and epoch alone, so that a fit that is resumed goes on as it would have.
    """
    random = np.random.default_rng([seed, epoch, 0x5BEC])
    if pool.drawn:
        return random.integers(0, len(pool), (batches, size), dtype=np.int32)
    rows: list[NDArray[Any]] = []
    while sum(map(len, rows)) < batches * size:  # the last batch is filled from a new shuffle
        rows.append(random.permutation(len(pool)))
    return np.concatenate(rows)[: batches * size].reshape(batches, size).astype(np.int32)


def limit_threads() -> None:
    """Let TensorFlow compute in one thread: these networks are too small to be shared out."""
    tf, _ = load_keras()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # it has begun to compute already
        return
