"""A training from the data to the files: the network that is kept, then the cross-validation."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.outputs import Task
from spectracnn.core.training import StageBegan, StageDone, TrainingDone
from spectracnn.core.training_plan import BUILT_IN, STACK, TrainingPlan
from spectracnn.errors import ExportError, OperationCancelled
from spectracnn.nn.train.architecture_file import length_of_file
from spectracnn.nn.train.baselines import baselines_for
from spectracnn.nn.train.crossval import MemberStates, fitted_network, outputs_of
from spectracnn.nn.train.designs import design_for
from spectracnn.nn.train.fit import Trainer, limit_threads
from spectracnn.nn.train.folds import check_sites, fold_numbers, most_folds
from spectracnn.nn.train.labelled import Labelled, read_labelled, usable_length
from spectracnn.nn.train.measure import Score
from spectracnn.nn.train.outcome import CrossValidated, report_of, write_outcome
from spectracnn.nn.train.part import FitData
from spectracnn.nn.train.preparing import with_steps
from spectracnn.nn.train.settings import settings_for
from spectracnn.nn.train.store import RunStore, append_run
from spectracnn.nn.train.watching import Listener, Silent, StageWatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

OURS = "this model"
UNKNOWN_LENGTH = 1 << 30
"""Of no spectrum: what comes out where steps leave the length open."""

SPARE_FOLDS = 5
"""For the distances between training spectra, where there is no cross-validation."""


def train(plan: TrainingPlan, listener: Listener | None = None) -> TrainingDone:
    """Train a network, measure its recipe, and write model, card and reference file.

    Parameters
    ----------
    plan : TrainingPlan
        What on what.
    listener : Listener, optional
        Hears of each epoch, and may want a pause or an end.

    Returns
    -------
    TrainingDone
        The files and the figures.

    Raises
    ------
    OperationCancelled
        If the listener wanted so; nothing is kept. After a crash, the same plan goes on from
        where it was.
    SpectraCNNError
        If the data, the architecture or the place to write are of no use; one sentence.
    """
    plan = plan.checked()
    out = checked_output(Path(plan.out))
    run = _Run(plan, out, read_labelled(plan), listener or Silent())
    try:
        return run.do()
    except (OperationCancelled, KeyboardInterrupt):
        # Whoever cancels wants nothing to be left; only a crash leaves the beginning of a run.
        run.store.clear()
        raise


def checked_output(out: Path) -> Path:
    """Return the model's path, or refuse it before an hour of work rather than after."""
    if out.suffix != ".keras":
        raise ExportError(f"{out}: the model's file name must end in .keras.")
    if out.is_dir():
        raise ExportError(f"{out}: is a folder; name a file.")
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise ExportError(f"{out}: its folder does not exist or cannot be written to.")
    return out


class _Run:
    """One training."""

    def __init__(self, plan: TrainingPlan, out: Path, data: Labelled, listener: Listener) -> None:
        limit_threads()
        self.plan, self.out, self.data, self.listener = plan, out, data, listener
        self.notes = list(data.notes)
        self.store = RunStore(out, plan, data.sha256)
        self.preprocessing = plan.input_steps(self._length())
        self.raw = data.inputs(self.preprocessing)
        self.n_outputs = max(len(data.classes), 1)
        self.design = design_for(plan, self.raw.shape[1], self.n_outputs)
        self.settings = settings_for(plan, len(data))
        self.folds = self._folds()
        self.trainer = Trainer(self.design, self.settings)
        self.stopped = False
        self.epochs = 0
        self.cpu = time.process_time()

    def _length(self) -> int:
        """Return how many eigenvalues are read."""
        plan = self.plan
        chosen = plan.input_steps(UNKNOWN_LENGTH).length if plan.steps else None
        if chosen is not None and chosen != UNKNOWN_LENGTH:
            return chosen  # a step says so, and refuses what is too short
        wanted = plan.eigenvalues
        if wanted is None and plan.architecture not in (*BUILT_IN, STACK):
            wanted = length_of_file(Path(plan.architecture))
        return usable_length(self.data, wanted)

    def _folds(self) -> int:
        folds, most = self.plan.folds, most_folds(self.data, self.plan.task)
        if folds > most >= 2:
            self.notes.append(f"{most} folds instead of {folds}: the rarest class has no more.")
            folds = most
        folds = folds if most >= 2 else 0
        if self.data.sites is not None:
            for repeat in range(self.plan.repeats if folds else 0):
                check_sites(self.data.sites, self._fold_numbers(folds, repeat))
        return folds

    def _fold_numbers(self, folds: int, repeat: int) -> NDArray[np.int64]:
        plan, data = self.plan, self.data
        return fold_numbers(data.truth, data.groups, plan.task, folds, plan.seed + repeat)

    def do(self) -> TrainingDone:
        if self.store.begin():
            self.notes.append(f"Went on from where an earlier run broke off ({self.store.folder}).")
        part = self._part(np.ones(len(self.data), bool))
        network = self._keep(part)
        found = self._cross_validate()
        card = write_outcome(
            network, self.plan, self.settings, self.data, self.preprocessing, part, found, self.out
        )
        more = {
            "model": str(self.out),
            "epochs": self.epochs,
            "architecture": self.plan.architecture,
            "eigenvalues": self.raw.shape[1],
            "parameters": int(network.count_params()),
        }
        report = report_of(self.plan, self.settings, self.data, found, card, more)
        self._note_run(report, found)
        if not self.listener.snapshots:
            self.store.clear()
        done = TrainingDone(str(self.out), report, tuple(dict.fromkeys(self.notes)))
        self.listener.emit(done)
        return done

    def _part(self, rows: NDArray[np.bool_]) -> FitData:
        data = self.data
        return FitData.of(
            self.plan.task,
            self.raw[rows],
            data.truth[rows],
            data.groups[rows],
            self.n_outputs,
            sites=None if data.sites is None else data.sites[rows],
            column=self.plan.site,
        )

    def _harmonised(self, part: FitData, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return spectra that `part` has not seen, with their sites harmonised by its numbers."""
        sites = self.data.sites
        return part.harmonised(self.raw[rows], None if sites is None else sites[rows])

    @property
    def _stages(self) -> int:
        return 1 + self.folds * self.plan.repeats

    def _keep(self, part: FitData) -> Any:
        """Train the network that is written, on all spectra."""
        network = self._fit(part, 0, f"all {len(self.data)} spectra", self.plan.seed)[0]
        self.store.save("kept", _named(network.get_weights()))
        return network

    def _fit(
        self, part: FitData, stage: int, title: str, seed: int, test: Any = None
    ) -> tuple[Any, StageWatch]:
        total = self.settings.epochs * self.design.members
        kept = self.store.load("kept") if stage == 0 else None
        states = None
        state = None if kept is not None else self.store.load("state")
        if state is not None and int(state.pop("stage")) == stage:
            states = MemberStates(int(state.pop("of")), state)
            title = f"{title}, continued after epoch {states.done}"
        began = StageBegan(stage, self._stages, title, total, self._first_weights(part, stage))
        watch = StageWatch(self.listener, self.store, began, part)
        self.listener.emit(began)
        if kept is not None:
            return self._again(part, kept), watch
        network, fits = fitted_network(
            part, self.trainer, watch, seed=seed, test=test, states=states
        )
        self.store.forget("state")
        notes = list(dict.fromkeys(fit.note for fit in fits if fit.note))
        if stage == 0:
            self.epochs = sum(fit.done for fit in fits)
            self.notes += notes
        self.stopped = self.stopped or watch.stopped
        self._note_of_stage = " ".join(notes)
        if stage == 0:
            self.listener.emit(StageDone(0, None, self._note_of_stage))
        return network, watch

    def _again(self, part: FitData, kept: dict[str, NDArray[Any]]) -> Any:
        """Return the network that an earlier run has trained already."""
        self.epochs = self.settings.epochs * self.design.members
        network = _blank(self.design, part)
        network.set_weights([kept[f"w{place}"] for place in range(len(kept))])
        return network

    def _first_weights(self, part: FitData, stage: int) -> str:
        """Write the network as it begins, for who wants to see it learn."""
        if stage or not self.listener.snapshots or self.design.members > 1:
            return ""
        path = self.store.folder / "start.keras"
        _blank(self.design, part).save(path)
        card = ModelCard(
            with_steps(self.preprocessing, part.steps),
            self.data.classes,
            title=f"{self.out.stem} (learning)",
            task=self.plan.task,
            target=self.plan.target,
            unit=self.plan.unit,
            model_sha256=file_sha256(path),
        )
        write_card(card, card_path(path))
        return str(path)

    def _cross_validate(self) -> CrossValidated:
        plan, data = self.plan, self.data
        outputs = np.full((len(data), self.n_outputs), np.nan)
        spare = max(2, min(SPARE_FOLDS, most_folds(data, plan.task)))
        numbers = fold_numbers(data.truth, data.groups, Task.REGRESSION, spare, plan.seed)
        methods = baselines_for(plan.task, taught=self.settings.taught)
        scores = [Score(OURS), *(Score(method.name) for method in methods)]
        for repeat in range(plan.repeats if self.folds else 0):
            each = self._fold_numbers(self.folds, repeat)
            numbers = each if repeat == 0 else numbers
            for fold in range(self.folds):
                if self.stopped:
                    break
                found = self._fold(repeat, fold, each == fold, scores, methods)
                if repeat == 0:
                    outputs[each == fold] = found
        if not scores[0].folds:
            return CrossValidated((), outputs, numbers, "not cross-validated")
        return CrossValidated(scores, outputs, numbers, self._how())

    def _fold(
        self, repeat: int, fold: int, test: NDArray[np.bool_], scores: list[Score], methods: Any
    ) -> NDArray[Any]:
        """Do one fold, or take it from where an earlier run has left it."""
        plan, truth = self.plan, self.data.truth
        stage = 1 + repeat * self.folds + fold
        part = self._part(~test)
        raw = self._harmonised(part, test)
        kept = self.store.load(f"fold-{stage}")
        if kept is None:
            title = f"fold {fold + 1} of {self.folds}"
            title += f", repeat {repeat + 1} of {plan.repeats}" if plan.repeats > 1 else ""
            seed = plan.seed + repeat
            network, watch = self._fit(part, stage, title, seed, (raw, truth[test]))
            kept = {"ours": outputs_of(network, self.design, plan.task, part.inputs(raw))}
            if not watch.stopped:
                for method in methods:
                    kept[method.name] = _baseline(method, part, raw)
                self.store.save(f"fold-{stage}", kept)
        ours = kept.pop("ours")
        if self.stopped:  # a fold that was broken off says nothing about the recipe
            return np.full_like(ours, np.nan)
        found = ours.argmax(axis=1) if plan.task is Task.CLASSIFICATION else ours[:, 0]
        metric = scores[0].add(plan.task, truth[test], found)
        for score in scores[1:]:
            score.add(plan.task, truth[test], kept[score.name])
        self.listener.emit(StageDone(stage, metric))
        return ours

    def _how(self) -> str:
        kind = "stratified " if self.plan.task is Task.CLASSIFICATION else ""
        grouped = ", grouped" if self.data.grouped else ""
        seeds = f", {self.plan.repeats} seeds" if self.plan.repeats > 1 else ""
        sites = ", sites harmonised within them" if self.plan.combat else ""
        return (
            f"cross-validated on {len(self.data)} spectra: {self.folds}-fold {kind}"
            f"{grouped.lstrip(', ') + ' ' if grouped else ''}cross-validation{seeds}, all methods "
            f"on the same folds{sites}; sd over folds"
        )

    def _note_run(self, report: dict[str, Any], found: CrossValidated) -> None:
        metric = "accuracy" if self.plan.task is Task.CLASSIFICATION else "r2"
        own = report[metric] or {"mean": "", "sd": ""}
        row = {
            **report,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "model": self.out.name,
            "data": self.data.name,
            "classes": len(self.data.classes),
            "folds": self.folds * self.plan.repeats if found.scores else 0,
            "metric": metric,
            **own,
            "mae": (report.get("mae") or {}).get("mean", ""),
            "cpu_seconds": round(time.process_time() - self.cpu, 1),
            "data_sha256": self.data.sha256,
        }
        append_run(self.out.parent, row)


def _baseline(method: Any, part: FitData, raw: NDArray[np.float64]) -> NDArray[Any]:
    """Return what a simpler method says of spectra that it has not seen."""
    found: NDArray[Any] = (
        method.predict(part.raw, part.truth, raw)
        if method.raw
        else method.predict(part.inputs(part.raw), part.truth, part.inputs(raw))
    )
    return found


def _named(weights: list[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"w{place}": values for place, values in enumerate(weights)}


def _blank(design: Any, part: FitData) -> Any:
    """Return the network as it is shipped, with weights that mean nothing."""
    from spectracnn.nn.train.scaling import scaled_back

    networks = [design.blank() for _ in range(design.members)]
    network = networks[0] if design.merged is None else design.merged(networks)
    return scaled_back(network, part)
