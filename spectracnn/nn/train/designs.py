"""Architectures as a training sees them: how one learns, and how it is shipped."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spectracnn.core.outputs import Task
from spectracnn.core.training_plan import STACK
from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.layer_lab import grown_network
from spectracnn.nn.train.architecture import (
    learning_network,
    merged_network,
    shipped_network,
    tutorial_network,
)
from spectracnn.nn.train.architecture_file import (
    built,
    check_output,
    input_shape,
    read_architecture,
)
from spectracnn.nn.train.plain import (
    folded_weights,
    learning_chain,
    plain_chain,
    sorted_weights,
)
from spectracnn.nn.train.recipe import Recipe
from spectracnn.nn.train.stack import stack_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.training_plan import TrainingPlan

TINY = 1e-7
"""Below this a share has no logarithm in float32 that could be learned from, as in Keras."""


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, eq=False)
class Design:
    """An architecture for a given input and output.

    Parameters
    ----------
    name : str
        What it is called.
    learner : callable
        From a seed to a network with fresh weights, as it learns.
    weights : callable
        From a network that has learned to the weights of the one that is written.
    blank : callable
        Makes the network that is written, with weights that mean nothing.
    logits : callable
        From the learner's output to logits, shape (batch, classes), or values, (batch, 1).
    shape : tuple of int
        Of the learner's input, without the batch; differs from (steps,) by axes of 1.
    members : int
        How many networks are learned one after the other.
    merged : callable or None
        From shipped members to one network.
    ordered : callable
        From weights to those of the same function that is easiest to read; only at the end, so
        that channels stay in place while one looks on.
    """

    name: str
    learner: Callable[[int], Any]
    weights: Callable[[Any], list[Any]]
    blank: Callable[[], Any]
    logits: Callable[[Any], Any]
    shape: tuple[int, ...]
    members: int = 1
    merged: Callable[[Sequence[Any]], Any] | None = None
    ordered: Callable[[list[Any]], list[Any]] = _as_it_is

    def shipped(self, learned: Any) -> Any:
        """Return the network that is written, with weights of its own."""
        network = self.blank()
        network.set_weights(self.ordered(self.weights(learned)))
        return network


def design_for(plan: TrainingPlan, n_values: int, n_outputs: int) -> Design:
    """Return a plan's architecture for spectra of this length.

    Parameters
    ----------
    plan : TrainingPlan
        Its architecture and task.
    n_values, n_outputs : int
        Values of the input; classes, or 1.

    Raises
    ------
    SpectraCNNError
        If the architecture does not fit; one sentence.
    """
    architecture, task = plan.architecture, plan.task
    shape = (n_values, 1)
    regression = task is Task.REGRESSION
    logits = _as_it_is if regression else _logs
    if architecture == "plain":
        return Design(
            "plain",
            partial(learning_chain, n_values, n_outputs),
            folded_weights,
            partial(plain_chain, n_values, n_outputs, softmax=not regression),
            _as_it_is,
            shape,
            ordered=sorted_weights,
        )
    if architecture == "tutorial":
        if n_values < TUTORIAL_LEAST:
            raise ModelError(
                f"The tutorial's network needs {TUTORIAL_LEAST} eigenvalues or more; there are "
                f"{n_values}."
            )
        last = None if regression else "softmax"
        make = partial(tutorial_network, n_values, n_outputs, activation=last)
        return Design("tutorial", lambda seed: make(seed=seed), _own_weights, make, logits, shape)
    if architecture == STACK:
        stack = stack_of(plan.layers, n_values)
        grown = partial(grown_network, stack, n_outputs, softmax=not regression)
        return Design("stack", lambda seed: grown(seed=seed), _own_weights, grown, logits, shape)
    if architecture == "ensemble":
        return _ensemble(task, n_values, n_outputs)
    return _from_file(Path(architecture), task, n_values, n_outputs)


TUTORIAL_LEAST = 19
"""Two convolutions of 3, a pool of 3, and two more convolutions of 3 leave one step."""


def _own_weights(learned: Any) -> list[Any]:
    return [*learned.get_weights()]


def _logs(shares: Any) -> Any:
    """Return logits of a softmax, or of one sigmoid as those of two classes."""
    tf, _ = load_keras()
    if shares.shape[-1] == 1:
        shares = tf.concat([1 - shares, shares], axis=-1)
    return tf.math.log(tf.maximum(shares, TINY))


def _ensemble(task: Task, n_values: int, n_outputs: int) -> Design:
    if task is Task.REGRESSION:
        raise ModelError("The ensemble is an architecture for classes; take plain or tutorial.")
    recipe = Recipe(eigenvalues=n_values)
    least = recipe.kernels[0] - 1 + recipe.pools[0] * recipe.pools[1]
    if n_values < least:
        raise ModelError(f"The ensemble needs {least} eigenvalues or more; there are {n_values}.")
    return Design(
        "ensemble",
        lambda seed: learning_network(recipe, n_outputs, seed),
        lambda learned: shipped_network(learned, recipe).get_weights(),
        lambda: shipped_network(learning_network(recipe, n_outputs), recipe),
        _as_it_is,
        (n_values, 1),
        recipe.members,
        lambda members: merged_network(members, recipe),
    )


def _from_file(path: Path, task: Task, n_values: int, n_outputs: int) -> Design:
    config = read_architecture(path)
    wanted = input_shape(config, path)
    shape = tuple(n_values if size is None else size for size in wanted)
    if sorted(size for size in shape if size != 1) != [n_values]:
        raise ModelError(
            f"{path.name}: the network's input has the shape {wanted}; expected ({n_values}, 1)."
        )

    def build(seed: int = 0) -> Any:
        _, keras = load_keras()
        keras.utils.set_random_seed(seed)
        return built(keras, config, path)

    trial = build()
    check_output(trial, path, task, n_outputs)
    logits = _as_it_is if task is Task.REGRESSION else _logs
    return Design(path.stem, build, _own_weights, build, logits, shape)
