"""The test of a cohort, with everything that a page shows and a command prints."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn import __version__
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.progress import Progress
    from spectracnn.stats.centiles import Standing
    from spectracnn.stats.compare import Comparison
    from spectracnn.stats.design import Design
    from spectracnn.view.cohort.features import Study
    from spectracnn.view.cohort.settings import TestSettings

NUMBERS = ("effect", "ci_low", "ci_high", "p", "p_fwe", "p_fdr")
EFFECT_NAMES = {"g": "Hedges' g", "r": "partial r", "eta2": "eta squared"}


@dataclass(frozen=True, eq=False)
class Tested:
    """What was asked, of whom, and what was found.

    Parameters
    ----------
    settings : TestSettings
        What was asked.
    study : Study
        Features as they were tested, so after ComBat.
    design : Design
        The linear model.
    found : Comparison
        For each feature.
    standing : Standing or None
        Where each of the design's participants stands, where that was asked.
    """

    settings: TestSettings
    study: Study
    design: Design
    found: Comparison
    standing: Standing | None = None

    @property
    def places(self) -> np.ndarray:
        """The features that vary beside the covariates: shape (k,)."""
        return np.flatnonzero(np.isfinite(self.found.effect))

    @property
    def shows_structure(self) -> bool:
        """Whether rows name their structure."""
        return len(self.study.features.structures()) > 1 or self.study.always_named


def run_test(
    study: Study,
    settings: TestSettings,
    progress: Progress | None = None,
) -> Tested:
    """Test every feature of a study.

    Raises
    ------
    StudyError
        If the columns, groups or features do not allow it.
    """
    from spectracnn.stats import combat
    from spectracnn.stats.compare import compare
    from spectracnn.stats.design import make_design

    if settings.combat and not settings.site:
        raise StudyError("--combat needs --site COLUMN, the sites to harmonise.")
    site = study.column(settings.site) if settings.site else None
    design = make_design(
        study.column(settings.column),
        [study.column(other) for other in settings.covariates],
        group=settings.group,
        site=site,
        levels=settings.groups,
        reference=settings.reference,
    )
    if settings.combat and site is not None:
        values = study.features.values.copy()
        sites = site.text[design.kept]
        values[design.kept] = combat.fit(values[design.kept], sites, design.worth_keeping)[1]
        study = replace(study, features=replace(study.features, values=values))
    found = compare(study.features.values, design, settings.permutations, settings.seed, progress)
    if not np.isfinite(found.effect).any():
        raise StudyError("No feature varies beside the covariates: there is nothing to test.")
    where = standing_of(study, design) if settings.centiles else None
    return Tested(settings, study, design, found, where)


def standing_of(study: Study, design: Design, progress: Progress | None = None) -> Standing:
    """Return where everybody stands in the reference group, or among all.

    Raises
    ------
    StudyError
        If the reference group is small.
    """
    from spectracnn.stats.centiles import standing

    reference = np.ones(len(design.kept), bool)
    if design.groups:
        reference = np.asarray(~design.tested.any(axis=1), bool)
    others = design.nuisance[:, 1:] if design.nuisance.shape[1] > 1 else None
    return standing(study.features.values[design.kept], reference, others, progress)


def record(tested: Tested, source: Sequence[str] = ()) -> dict[str, Any]:
    """Return everything as plain values, as ``spectracnn stats --json`` prints it.

    Parameters
    ----------
    tested : Tested
        What was found.
    source : sequence of str
        The words of a command that name data and table.
    """
    features, design, found = tested.study.features, tested.design, tested.found
    settings = tested.settings
    rows = []
    for place in tested.places:
        row: dict[str, Any] = {}
        if features.label:
            row["band"] = features.label[place]
        else:
            row["index"] = int(features.index[place])
        if tested.shows_structure:
            row["structure"] = features.structure[place]
        rows.append(row | {key: float(getattr(found, key)[place]) for key in NUMBERS})
    wanted = (*settings.covariates, *([settings.site] if settings.site else []))
    return {
        "n": len(design.kept),
        "effect": design.effect,
        "groups": dict(zip(design.groups, design.counts, strict=True)),
        "reference": design.groups[0] if design.groups else None,
        "on": None if settings.group else settings.column,
        "covariates": [name for name in design.used if name != settings.site],
        "left_out": [name for name in wanted if name.casefold() not in _lower(design.used)],
        "permutations": settings.permutations,
        "seed": settings.seed,
        "notes": [*tested.study.notes, *features.notes, *design.notes],
        "methods": methods(tested, source),
        "rows": rows,
    }


def _lower(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}


def methods(tested: Tested, source: Sequence[str] = ()) -> str:
    """Return the paragraph for a paper, with the command that repeats it."""
    from spectracnn.stats.methods import MethodRecord, paragraph

    settings = tested.settings
    kind = "eigengroups" if settings.bands else "octaves of wavelength" if settings.octaves else ""
    words = ["spectracnn", "stats", *source, *settings.words]
    done = MethodRecord(
        predictor=settings.column,
        covariates=tuple(n for n in tested.design.used if n != settings.site),
        site=settings.site,
        combat=settings.combat,
        asymmetry=settings.asymmetry,
        scale=tested.study.scale,
        features=kind or "eigenvalues",
        n_features=len(tested.places),
        permutations=settings.permutations,
        seed=settings.seed,
        command=shlex.join(words) if source else "",
        version=__version__,
    )
    return paragraph(done, tested.design)


def centile_rows(tested: Tested, standing: Standing) -> tuple[list[str], list[list[str]]]:
    """Return a table of centiles: the header, and one row per participant."""
    features = tested.study.features
    labels = features.label or tuple(str(index) for index in features.index)
    header = ["id"] + [
        f"{structure} {label}".strip()
        for structure, label in zip(features.structure, labels, strict=True)
    ]
    rows = []
    for place, row in zip(tested.design.kept, standing.centile, strict=True):
        cells = ["" if np.isnan(value) else f"{value:.2f}" for value in row]
        rows.append([features.units[place], *cells])
    return header, rows
