"""A paragraph that says what was done, for a paper's section on methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spectracnn.core.versions import installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.stats.design import Design

_PACKAGES = ("numpy", "scipy", "statsmodels", "scikit-learn", "neuroHarmonize")
_EFFECT = {
    "g": "Hedges' g",
    "r": "the partial correlation",
    "eta2": "partial eta squared",
}


@dataclass(frozen=True)
class MethodRecord:
    """What was done.

    Parameters
    ----------
    predictor : str
        The column.
    covariates : tuple of str
        Regressed out.
    site : str
        The column of sites; empty without.
    combat, asymmetry : bool
        Whether ComBat harmonised, and whether left was compared with right.
    scale : str
        How eigenvalues were normalised: none, area or volume.
    features : str
        Such as ``eigenvalues`` or ``eigengroups``.
    permutations, seed : int
        Of the test.
    command : str
        That repeats it.
    """

    predictor: str
    covariates: tuple[str, ...] = ()
    site: str = ""
    combat: bool = False
    asymmetry: bool = False
    scale: str = "none"
    features: str = "eigenvalues"
    n_features: int = 0
    permutations: int = 0
    seed: int = 0
    command: str = ""
    version: str = field(default="")


def paragraph(done: MethodRecord, design: Design) -> str:
    """Return the paragraph."""
    n = len(design.kept)
    if design.groups:
        sizes = ", ".join(
            f"{name}: {count}" for name, count in zip(design.groups, design.counts, strict=True)
        )
        who = f"{n} participants were compared by {done.predictor} ({sizes})"
    else:
        who = f"The association with {done.predictor} was tested in {n} participants"
    scaled = {"area": " of the shape scaled to unit area", "volume": " scaled to unit volume"}
    what = f"{done.n_features} {done.features} of the Laplace-Beltrami spectrum"
    what += scaled.get(done.scale, "")
    if done.asymmetry:
        what = f"the left-right asymmetry index 2(L-R)/(L+R) of {what}"
    sentences = [f"{who} in {what}."]
    if done.combat:
        sentences.append(
            f"Values were harmonised across {done.site} by ComBat (neuroHarmonize), keeping the "
            "tested variable and the covariates."
        )
    out = [*done.covariates, *([done.site] if done.site else [])]
    if out:
        sentences.append(f"A linear model regressed out {', '.join(out)}.")
    within = f" within {done.site}" if done.site else ""
    sentences.append(
        f"The effect size is {_EFFECT[design.effect]} with its 95% confidence interval; p-values "
        f"are two-sided, by {done.permutations} permutations{within} (Freedman-Lane, "
        f"seed {done.seed}), family-wise by the maximum statistic, false discovery rate by "
        "Benjamini-Hochberg."
    )
    sentences.append(f"Software: {', '.join(_versions(done))}.")
    if done.command:
        sentences.append(f"Command: {done.command}")
    return " ".join(sentences)


def versions(version: str, packages: Sequence[str]) -> list[str]:
    """Return names and versions of this program and of packages that are installed."""
    own = [f"SpectraCNN {version}"] if version else []
    return [*own, *(f"{name} {text}" for name, text in installed(packages).items())]


def _versions(done: MethodRecord) -> list[str]:
    return versions(done.version, _PACKAGES if done.combat else _PACKAGES[:-1])
