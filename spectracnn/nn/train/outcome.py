"""What a run came to, as the card, the reference file and the report say it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.calibration import fitted_temperature, softmax_at
from spectracnn.core.card import Evaluation, ModelCard
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.conformal import class_scores
from spectracnn.core.input_presets import OWN, own_preset, preset
from spectracnn.core.outputs import Task
from spectracnn.core.reference import Reference, reference_path, write_reference
from spectracnn.core.spacings import statistics_of
from spectracnn.core.typicality import out_of_fold_distances
from spectracnn.nn.train.baselines import linear_shadow
from spectracnn.nn.train.measure import confusion
from spectracnn.nn.train.origin import expectation, rights
from spectracnn.nn.train.preparing import with_steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.preprocessing import Preprocessing
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.nn.train.labelled import Labelled
    from spectracnn.nn.train.measure import Score
    from spectracnn.nn.train.part import FitData
    from spectracnn.nn.train.settings import TrainingSettings

DIGITS = 6


@dataclass(frozen=True, eq=False)
class CrossValidated:
    """Out-of-fold figures.

    Parameters
    ----------
    scores : sequence of Score
        The network's first, then the baselines'; empty without cross-validation.
    outputs : ndarray, shape (n, outputs)
        Of the first repeat; NaN where a spectrum was in no fold that was done.
    folds : ndarray, shape (n,), int64
        In which fold of the first repeat each spectrum was.
    how : str
        In words.
    """

    scores: Sequence[Score]
    outputs: NDArray[np.float64]
    folds: NDArray[np.int64]
    how: str

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which spectra have an out-of-fold output."""
        found: NDArray[np.bool_] = np.asarray(np.isfinite(self.outputs).all(axis=1))
        return found


def write_outcome(
    network: Any,
    plan: TrainingPlan,
    settings: TrainingSettings,
    data: Labelled,
    preprocessing: Preprocessing,
    part: FitData,
    found: CrossValidated,
    out: Path,
) -> ModelCard:
    """Write the model, its reference file and its card.

    The network's last layer says logits' softmax or values; the temperature stands in the card.

    Raises
    ------
    ExportError
        If one of them cannot be written.
    """
    temperature, scores = _calibration(plan.task, data, found)
    reference = write_reference(_reference(data, preprocessing, part, found), reference_path(out))
    classes = data.classes
    licence, citation = rights(data.name)
    card = ModelCard(
        preprocessing=with_steps(preprocessing, part.steps),
        classes=classes,
        title=plan.title or _title(plan, data, part),
        input_meaning=_input_meaning(plan, part.raw.shape[1]),
        output_meaning=_output_meaning(plan, bool(found.scores)),
        training=_provenance(plan, settings, data),
        evaluation=_evaluation(found, expectation(data.name, plan.architecture, part.raw.shape[1])),
        licence=licence,
        citation=citation,
        task=plan.task,
        target=plan.target if plan.task is Task.REGRESSION else "",
        unit=plan.unit,
        temperature=round(temperature, DIGITS),
        conformal=tuple(round(float(score), DIGITS) for score in scores),
        reference=reference,
    )
    with atomic_path(out) as temporary:
        network.save(temporary)
        # The card first: a model beside an older card would be refused by its hash, and so is a
        # newer card beside an older model, if the second write fails.
        card = replace(card, model_sha256=file_sha256(temporary))
        write_card(card, card_path(out))
    return card


def _calibration(
    task: Task, data: Labelled, found: CrossValidated
) -> tuple[float, NDArray[np.float64]]:
    known = found.known
    outputs, truth = found.outputs[known], data.truth[known]
    if not known.any():
        return 1.0, np.zeros(0)
    if task is Task.REGRESSION:
        return 1.0, np.abs(outputs[:, 0] - truth)
    temperature = fitted_temperature(outputs, truth)
    return temperature, class_scores(softmax_at(outputs, temperature), truth)


def _reference(
    data: Labelled, preprocessing: Preprocessing, part: FitData, found: CrossValidated
) -> Reference:
    inputs = part.inputs(part.raw)
    eigenvalues = data.eigenvalues(preprocessing)
    statistics = np.stack([statistics_of(row) for row in eigenvalues])
    weights, bias = linear_shadow(part.task, inputs, data.truth, part.n_outputs)
    return Reference(
        names=np.array([spectrum.name for spectrum in data.spectra]),
        eigenvalues=eigenvalues,
        inputs=inputs,
        statistics=statistics,
        distances=out_of_fold_distances(inputs, statistics, found.folds),
        truth=data.truth.astype(np.float64),
        outputs=found.outputs.astype(np.float32),
        folds=found.folds,
        shadow_weights=weights,
        shadow_bias=bias,
    )


def _title(plan: TrainingPlan, data: Labelled, part: FitData) -> str:
    what = plan.target or ("value" if plan.task is Task.REGRESSION else "class")
    return f"{what} from {part.raw.shape[1]} Laplace-Beltrami eigenvalues"


def _input_meaning(plan: TrainingPlan, length: int) -> str:
    if plan.steps:
        return f"{length} values after the steps of the preprocessing, standardised"
    name = own_preset(plan.task) if plan.preprocessing == OWN else plan.preprocessing
    return f"{preset(name).meaning}; k = 1 to {length}, standardised"


def _output_meaning(plan: TrainingPlan, calibrated: bool) -> str:
    if plan.task is Task.REGRESSION:
        return f"{plan.target or 'the value'}{f' in {plan.unit}' if plan.unit else ''}"
    if calibrated:
        return "softmax over the classes; probabilities are its logits divided by the temperature"
    return "softmax over the classes; not calibrated as probabilities"


def _provenance(plan: TrainingPlan, settings: TrainingSettings, data: Labelled) -> dict[str, Any]:
    record: dict[str, Any] = {
        "data": data.name,
        "data_sha256": data.sha256,
        "spectra": len(data),
        "architecture": plan.architecture if plan.architecture.isalpha() else "from a file",
        **({"layers": list(plan.layers)} if plan.layers else {}),
        "seed": plan.seed,
        "settings": settings.to_json(),
    }
    if plan.task is Task.CLASSIFICATION:
        record["per_class"] = np.bincount(data.truth, minlength=len(data.classes)).tolist()
    else:
        record["range"] = [float(data.truth.min()), float(data.truth.max())]
    if data.grouped:
        record["groups"] = len(np.unique(data.groups))
    if data.sites is not None:
        names, counts = np.unique(data.sites, return_counts=True)
        record["sites"] = dict(zip(map(str, names), counts.tolist(), strict=True))
        record["harmonised"] = "ComBat (neuroHarmonize), without covariates"
    return record


def _evaluation(found: CrossValidated, expected: str) -> tuple[Evaluation, ...]:
    items = []
    for place, score in enumerate(found.scores):
        subject = score.name if place else "this model"
        how = found.how + ("" if place else expected)
        for metric, value in score.to_json().items():
            mean, sd = round(value["mean"], 4), round(value["sd"], 4)
            items.append(Evaluation(metric, mean, how, sd, subject))
    return tuple(items)


def report_of(
    plan: TrainingPlan,
    settings: TrainingSettings,
    data: Labelled,
    found: CrossValidated,
    card: ModelCard,
    more: dict[str, Any],
) -> dict[str, Any]:
    """Return what ``train --json`` prints.

    Parameters
    ----------
    plan, settings, data, found, card
        Of the run.
    more : dict
        ``model``, ``epochs``, ``parameters`` and so on.
    """
    scores = {score.name: score.to_json() for score in found.scores}
    own = next(iter(scores.values()), {})
    names = ("accuracy",) if plan.task is Task.CLASSIFICATION else ("r2", "mae")
    report: dict[str, Any] = {"task": str(plan.task), **{name: own.get(name) for name in names}}
    report["baselines"] = dict(list(scores.items())[1:])
    report |= {"how": found.how, **more, "spectra": len(data), "seed": plan.seed}
    report["temperature"] = card.temperature
    known = found.known
    if plan.task is Task.CLASSIFICATION:
        table = confusion(data.truth[known], found.outputs[known].argmax(axis=1), len(data.classes))
        counts = table.sum(axis=1)
        share = table.diagonal() / np.maximum(counts, 1)
        report["classes"] = list(data.classes)
        report["confusion"] = table.tolist()
        report["recall"] = {
            name: round(float(value), DIGITS) if count else None
            for name, value, count in zip(data.classes, share, counts, strict=True)
        }
    else:
        report |= {"target": plan.target, "unit": plan.unit}
        report["true"] = data.truth[known].tolist()
        report["predicted"] = [round(float(v), DIGITS) for v in found.outputs[known, 0]]
    return report
