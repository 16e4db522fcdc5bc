"""Confounds: what predicts the label alone, what the layers encode, and what linear models say."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn import __version__
from spectracnn.core.naming import listed
from spectracnn.core.progress import Progress
from spectracnn.errors import StudyError
from spectracnn.view.cohort.shadow import shadow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column
    from spectracnn.stats.probe import ProbeTarget
    from spectracnn.view.cohort.layers import Layers
    from spectracnn.view.cohort.settings import ConfoundSettings
    from spectracnn.view.cohort.shadow import Shadow

SIGNIFICANT = 0.05
_PACKAGES = ("keras", "tensorflow-cpu", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True)
class ProbeRow:
    """One probe: what was looked for, where, and how well it was found.

    Parameters
    ----------
    where : str
        A covariate, several joined by ``+``, or a layer.
    target : str
        What was looked for.
    metric : str
        ``R2`` or ``balanced accuracy``.
    score, chance, permuted, p : float
        Found, without knowledge, with permuted labels, and how often those do as well.
    """

    where: str
    target: str
    metric: str
    score: float
    chance: float
    permuted: float
    p: float

    def record(self, place: str, target: str) -> dict[str, Any]:
        """Return plain values, with names for where and what."""
        own = {place: self.where, target: self.target}
        keys = ("metric", "score", "chance", "permuted", "p")
        return own | {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, eq=False)
class Confounds:
    """What was asked and what was found.

    Parameters
    ----------
    settings : ConfoundSettings
        What was asked.
    n, participants : int
        How many spectra, of how many.
    label : str
        The column, as it is written in the table.
    against : tuple of str
        The covariates.
    alone : tuple of ProbeRow
        The label by each covariate alone, and by all.
    encoded : tuple of ProbeRow
        Label and covariates by each layer.
    shadow : Shadow or None
        None for a label of numbers.
    """

    settings: ConfoundSettings
    n: int
    participants: int
    label: str
    against: tuple[str, ...]
    alone: tuple[ProbeRow, ...]
    encoded: tuple[ProbeRow, ...]
    shadow: Shadow | None

    @property
    def verdict(self) -> tuple[str, ...]:
        """A sentence for each covariate alone, and one for each in the layers."""
        sentences = []
        for row in self.alone:
            word = "predicts" if row.p <= SIGNIFICANT else "does not predict"
            sentences.append(
                f"{row.where} alone {word} {self.label}: {row.metric} {row.score:.2f}, "
                f"chance {row.chance:.2f}, p = {row.p:.3g}."
            )
        for name in self.against:
            own = [row for row in self.encoded if row.target == name]
            hit = [row for row in own if row.p <= SIGNIFICANT]
            if hit:
                best = max(hit, key=lambda row: row.score)
                sentences.append(
                    f"{name} can be read from {len(hit)} of {len(own)} layers, best from "
                    f"{best.where} ({best.metric} {best.score:.2f})."
                )
            else:
                sentences.append(f"{name} cannot be read from any layer.")
        return tuple(sentences)

    def record(
        self, names: Sequence[tuple[str, str]], source: Sequence[str] = (), model: str = ""
    ) -> dict[str, Any]:
        """Return plain values, as ``spectracnn confounds --json`` prints them."""
        return {
            "n": self.n,
            "participants": self.participants,
            "target": self.label,
            "against": list(self.against),
            "permutations": self.settings.permutations,
            "seed": self.settings.seed,
            "alone": [row.record("covariate", "target") for row in self.alone],
            "layers": [row.record("layer", "covariate") for row in self.encoded],
            "shadow": self.shadow.record(names) if self.shadow is not None else None,
            "verdict": list(self.verdict),
            "methods": self.methods(source, model),
        }

    def methods(self, source: Sequence[str] = (), model: str = "") -> str:
        """Return the paragraph for a paper, with the command that repeats it."""
        from spectracnn.stats.methods import versions

        of = f" of the network {model}" if model else ""
        words = ["spectracnn", "confounds", *source, *self.settings.words]
        sentences = [
            f"Whether {listed(self.against)} alone predict {self.label}, and whether the layers"
            f"{of} encode them, was examined in {self.n:,} spectra of {self.participants:,} "
            "participants by cross-validated linear probes: ridge regression for numbers (penalty "
            "by leave-one-out within the training folds, score R2), a ridge discriminant with "
            "equal priors for classes (score balanced accuracy), of standardised features, for "
            "layers of "
            "their first 30 principal components, at most five folds that keep participants whole.",
            f"p-values are by {self.settings.permutations} permutations of the labels between "
            f"participants (seed {self.settings.seed}).",
        ]
        if self.shadow is not None:
            sentences.append(
                "Beside the network, logistic regression and a support vector machine (radial "
                "basis functions) were cross-validated on the same input in the same folds."
            )
        used = ", ".join(versions(__version__, _PACKAGES))
        sentences.append(f"Software: {used}.")
        if source:
            sentences.append(f"Command: {shlex.join(words)}")
        return " ".join(sentences)


def sampled(
    columns: Mapping[str, Column],
    settings: ConfoundSettings,
    structures: NDArray[np.object_] | None,
    notes: list[str],
) -> NDArray[np.int64]:
    """Return which spectra are looked at: those with all columns, at most so many.

    Parameters
    ----------
    columns : mapping of str to Column
        Label and covariates, a cell a spectrum.
    settings : ConfoundSettings
        How many, of which structures.
    structures : ndarray, shape (n,), or None
        Which structure each is.
    notes : list of str
        Receives what was left out, a sentence each.

    Raises
    ------
    StudyError
        If none is left.
    """
    count = len(next(iter(columns.values())))
    keep = np.ones(count, bool)
    if settings.structures and structures is not None:
        keep &= np.isin(structures.astype(str), settings.structures)
        if not keep.any():
            raise StudyError(f"No spectrum is of the structure {listed(settings.structures)}.")
    for column in columns.values():
        lacking = int(np.count_nonzero(column.missing & keep))
        if lacking:
            notes.append(f"{lacking:,} left out: no '{column.name}'.")
        keep &= ~column.missing
    places = np.flatnonzero(keep)
    if not places.size:
        raise StudyError("No spectrum is left that has all of the columns.")
    if places.size > settings.most:
        notes.append(f"{settings.most:,} of {places.size:,} spectra were drawn.")
        draw = np.random.default_rng(settings.seed)
        places = np.sort(draw.choice(places, settings.most, replace=False))
    return places


def find_confounds(
    settings: ConfoundSettings,
    columns: Mapping[str, Column],
    layers: Layers,
    progress: Progress | None = None,
) -> Confounds:
    """Probe columns and layers, and fit the linear shadow.

    Parameters
    ----------
    settings : ConfoundSettings
        What is asked.
    columns : mapping of str to Column
        By the names of the settings, a cell for each of the layers' spectra.
    layers : Layers
        What the network computed.
    progress : Progress, optional
        Receives the probes done; may cancel.
    """
    from spectracnn.stats.probe import compressed, probe, target_of

    progress = progress or Progress()
    targets = {name: target_of(column) for name, column in columns.items()}
    label, others = targets[settings.target], [targets[name] for name in settings.against]
    total = len(others) + (len(others) > 1) + (1 + len(layers.outputs)) * (1 + len(others)) + 1
    done = 0

    def probed(where: str, values: NDArray[Any], target: ProbeTarget) -> ProbeRow:
        nonlocal done
        found = probe(values, target, layers.units, settings.permutations, settings.seed)
        done += 1
        progress.update(done, total, "probes")
        scores = (found.score, target.chance, found.permuted, found.p)
        return ProbeRow(where, target.name, target.metric, *scores)

    alone = [
        probed(" + ".join(other.name for other in one), _numbers(one), label)
        for one in (*([other] for other in others), *([others] if len(others) > 1 else []))
    ]
    encoded = []
    for name, raw in {"input": layers.inputs, **layers.outputs}.items():
        values = compressed(raw)
        encoded += [probed(name, values, target) for target in (label, *others)]
    beside = shadow(layers, label, layers.classes, settings.seed)
    progress.update(total, total, "probes")
    return Confounds(
        settings,
        len(layers.units),
        len(np.unique(layers.units)),
        label.name,
        tuple(other.name for other in others),
        tuple(alone),
        tuple(encoded),
        beside,
    )


def _numbers(targets: Sequence[ProbeTarget]) -> NDArray[np.float64]:
    """Return covariates as numbers: classes as indicators."""
    blocks = []
    for target in targets:
        values = target.values[:, None]
        blocks.append(values == np.arange(len(target.classes)) if target.classes else values)
    return np.hstack([np.asarray(block, np.float64) for block in blocks])
