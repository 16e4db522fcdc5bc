"""What is asked of a cohort, as plain records: the same for a page and for its command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spectracnn.stats.features import Scale

PERMUTATIONS = 5000
PROBE_PERMUTATIONS = 100
MOST_EIGENVALUES = 200
MOST_PROBED = 1000


@dataclass(frozen=True)
class TestSettings:
    """A test of every eigenvalue or band: groups, or association with a variable.

    Parameters
    ----------
    column : str
        What is asked about.
    group : bool
        Whether its values are groups, else numbers.
    groups : tuple of str
        Which groups; all when empty.
    reference : str
        The group that others are compared with; found out when empty.
    covariates : tuple of str
        Columns that are regressed out.
    site : str
        Column of sites; empty without.
    combat : bool
        Whether the sites are harmonised first.
    bands, octaves : bool
        Means of eigengroups, or of octaves of wavelength, in place of eigenvalues.
    structures : tuple of str
        Which structures; all when empty.
    normalise : {'none', 'area', 'volume'} or None
        None for as they are, and for asymmetry whichever size the spectra have.
    most : int
        How many eigenvalues of each spectrum.
    permutations, seed : int
        Of the test.
    asymmetry : bool
        Whether left is compared with right.
    centiles : bool
        Whether it is also computed where each participant stands among the reference group.
    """

    __test__ = False  # for pytest: no test

    column: str
    group: bool = True
    groups: tuple[str, ...] = ()
    reference: str = ""
    covariates: tuple[str, ...] = ()
    site: str = ""
    combat: bool = False
    bands: bool = False
    octaves: bool = False
    structures: tuple[str, ...] = ()
    normalise: Scale | None = None
    most: int = MOST_EIGENVALUES
    permutations: int = PERMUTATIONS
    seed: int = 0
    asymmetry: bool = False
    centiles: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are needed."""
        return (self.column, *self.covariates, *([self.site] if self.site else []))

    @property
    def words(self) -> list[str]:
        """The options of ``spectracnn stats`` that ask the same."""
        words = ["--group" if self.group else "--on", self.column]
        for name, values in (
            ("groups", self.groups),
            ("reference", [self.reference] if self.reference else []),
            ("covariates", self.covariates),
            ("site", [self.site] if self.site else []),
            ("structure", self.structures),
            ("normalise", [self.normalise] if self.normalise else []),
        ):
            if values:
                words += [f"--{name}", ",".join(values)]
        for name in ("combat", "bands", "octaves", "asymmetry"):
            if getattr(self, name):
                words.append(f"--{name}")
        if self.most != MOST_EIGENVALUES:
            words += ["--most", str(self.most)]
        return [*words, "--permutations", str(self.permutations), "--seed", str(self.seed)]


@dataclass(frozen=True)
class ConfoundSettings:
    """What may have been learnt in place of the label.

    Parameters
    ----------
    target : str
        Column of the label.
    against : tuple of str
        Columns of covariates; ``area`` and ``volume`` of the spectra count too.
    permutations, seed : int
        Of the probes.
    most : int
        How many spectra, drawn at random.
    structures : tuple of str
        Which structures; all when empty.
    """

    target: str
    against: tuple[str, ...]
    permutations: int = PROBE_PERMUTATIONS
    seed: int = 0
    most: int = MOST_PROBED
    structures: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The options of ``spectracnn confounds`` that ask the same."""
        words = ["--target", self.target, "--against", ",".join(self.against)]
        if self.structures:
            words += ["--structure", ",".join(self.structures)]
        if self.most != MOST_PROBED:
            words += ["--most", str(self.most)]
        return [*words, "--permutations", str(self.permutations), "--seed", str(self.seed)]
