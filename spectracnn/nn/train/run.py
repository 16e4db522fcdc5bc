"""``spectracnn train``: measure, train on all, write the model and its card."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.card import Evaluation, ModelCard
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.progress import Progress
from spectracnn.errors import ExportError, SpectraCNNError
from spectracnn.nn.train.crossval import Score, cross_validate, planned_steps
from spectracnn.nn.train.data import TrainingData, read_training_data
from spectracnn.nn.train.fit import Trainer
from spectracnn.nn.train.preparing import (
    fitted_standardise,
    scale_free,
    standardised,
    with_step,
)
from spectracnn.nn.train.recipe import Recipe

CITATION = (
    "Meshes: D. Giorgi, S. Biasotti, L. Paraboschi, Shape Retrieval Contest 2007: Watertight "
    "Models Track. Spectra as features: M. Reuter, F.-E. Wolter, N. Peinecke, Laplace-Beltrami "
    'spectra as "Shape-DNA" of surfaces and solids, Computer-Aided Design 38(4), 2006. '
    "Eigenvalues: LaPy, https://github.com/Deep-MI/LaPy."
)
LICENCE = "MIT (the model); the training data are numbers computed from the meshes cited"


@dataclass(frozen=True, eq=False)
class TrainingReport:
    """What a training came to.

    Parameters
    ----------
    model, card : Path
        The files written.
    scores : tuple of Score
        Cross-validated; empty without evaluation.
    n_parameters : int
        Of the model.
    training_accuracy : float
        On the spectra it was trained on: says nothing about others.
    """

    model: Path
    card: Path
    scores: tuple[Score, ...]
    n_parameters: int
    training_accuracy: float


class _Steps:
    """Sums up steps for a `Progress`, which wants totals."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._done = 0
        self._total = total
        self._message = ""

    def __call__(self, steps: int, message: str = "") -> None:
        self._done += steps
        self._message = message or self._message
        self._progress.update(self._done, self._total, self._message)


def train(
    data_path: str | Path,
    out_path: str | Path,
    *,
    seed: int = 0,
    folds: int = 5,
    seeds: int = 3,
    epochs: int | None = None,
    evaluate: bool = True,
    progress: Progress | None = None,
    recipe: Recipe | None = None,
) -> TrainingReport:
    """Train the network on a file of spectra with labels.

    Parameters
    ----------
    data_path : path-like
        See `spectracnn.nn.train.data.read_training_data`.
    out_path : path-like
        The ``.keras`` file to write; its card goes beside it.
    seed : int
        The same seed gives the same model.
    folds, seeds : int
        Of the cross-validation.
    epochs : int, optional
        Instead of the recipe's.
    evaluate : bool
        Whether to cross-validate before.
    progress : Progress, optional
        Told of each step.
    recipe : Recipe, optional
        Network and training; ours by default.

    Returns
    -------
    TrainingReport
        The files, the table, the size.

    Raises
    ------
    OperationCancelled
        If `progress` was cancelled; no file is written then.
    SpectraCNNError
        If the data or the place to write are of no use, or scikit-learn is missing.
    """
    out = _checked_output(Path(out_path), seeds, epochs)
    recipe = recipe or Recipe()
    if epochs is not None:
        recipe = replace(recipe, epochs=epochs)
    data = read_training_data(Path(data_path))
    total = recipe.steps(len(data.spectra))
    if evaluate:
        total += planned_steps(recipe, len(data.spectra), max(folds, 1), seeds)
    steps = _Steps(progress or Progress(), total)
    scores: tuple[Score, ...] = ()
    if evaluate:
        scores = cross_validate(data, recipe, folds=folds, seeds=seeds, seed=seed, report=steps)
    return _train_on_all(data, recipe, out, seed, scores, steps)


def _checked_output(out: Path, seeds: int, epochs: int | None) -> Path:
    # Before an hour of work, not after it.
    if out.suffix != ".keras":
        raise ExportError(f"{out}: the model's file name must end in .keras.")
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise ExportError(f"{out}: its folder does not exist or cannot be written to.")
    if seeds < 1 or (epochs is not None and epochs < 1):
        raise SpectraCNNError("Seeds and epochs must be 1 or more.")
    return out


def _train_on_all(
    data: TrainingData,
    recipe: Recipe,
    out: Path,
    seed: int,
    scores: tuple[Score, ...],
    steps: _Steps,
) -> TrainingReport:
    steps(0, f"training on all {len(data.spectra)}")
    preprocessing = scale_free(recipe.eigenvalues)
    raw = data.inputs(preprocessing)
    step = fitted_standardise(raw)
    inputs = standardised(step, raw)
    trainer = Trainer(recipe, len(inputs), len(data.classes))
    network = trainer.fit(raw, data.labels, step=step, seed=seed, report=steps)
    answers = np.asarray(network(inputs[..., None], training=False)).argmax(axis=1)
    card = ModelCard(
        preprocessing=with_step(preprocessing, step),
        classes=data.classes,
        title=f"Shape classes from {recipe.eigenvalues} Laplace-Beltrami eigenvalues",
        input_meaning=(
            f"log(lambda_k / k), k = 1 to {recipe.eigenvalues}, minus its own mean, standardised: "
            "free of the shape's size"
        ),
        output_meaning="softmax over the classes; not calibrated as probabilities",
        training=_provenance(data, recipe, seed),
        evaluation=_evaluation(scores),
        licence=LICENCE,
        citation=CITATION,
    )
    _write(network, card, out)
    return TrainingReport(
        model=out,
        card=card_path(out),
        scores=scores,
        n_parameters=network.count_params(),
        training_accuracy=float(np.mean(answers == data.labels)),
    )


def _provenance(data: TrainingData, recipe: Recipe, seed: int) -> dict[str, Any]:
    return {
        "data": data.name,
        "data_sha256": data.sha256,
        "spectra": len(data.spectra),
        "per_class": np.bincount(data.labels).tolist(),
        "seed": seed,
        "recipe": recipe.to_json(),
    }


def _evaluation(scores: tuple[Score, ...]) -> tuple[Evaluation, ...]:
    return tuple(
        Evaluation(
            metric="accuracy",
            value=round(score.mean, 4),
            sd=round(score.sd, 4),
            how=(
                f"cross-validated, not on the training data: {score.accuracies.shape[1]}-fold "
                f"stratified, {score.accuracies.shape[0]} seeds, all methods on the same folds; "
                "sd over folds and seeds"
            ),
            subject=score.name,
        )
        for score in scores
    )


def _write(network: Any, card: ModelCard, out: Path) -> None:
    with atomic_path(out) as temporary:
        network.save(temporary)
        # The card first: a model beside an older card would be refused by its hash, and so is a
        # newer card beside an older model, if the second write fails.
        write_card(replace(card, model_sha256=file_sha256(temporary)), card_path(out))
