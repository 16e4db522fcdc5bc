"""What each page of the cohort window shows: frozen records, saved and undone like edits.

Columns and groups are named as the table names them; None stands for what the page chooses by
itself, so that a record is good for any study.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CohortTab(StrEnum):
    """The pages of the cohort window."""

    PREDICTIONS = "predictions"
    GROUPS = "groups"
    ATTRIBUTION = "attribution"
    STATISTICS = "statistics"
    CONFOUNDS = "confounds"


@dataclass(frozen=True)
class CohortChoice:
    """Which page is in front.

    Parameters
    ----------
    tab : CohortTab
        The page.
    """

    tab: CohortTab = CohortTab.PREDICTIONS


@dataclass(frozen=True)
class CohortPredictionsChoice:
    """What predictions are compared with, and how.

    Parameters
    ----------
    label : str or None
        Column of the true labels; empty for none.
    curve : int
        Which curves are drawn: ROC, precision and recall, reliability.
    """

    label: str | None = None
    curve: int = 0


@dataclass(frozen=True)
class CohortGroupsChoice:
    """Which two groups are compared through the layers.

    Parameters
    ----------
    column, first, second : str or None
        The column, and its two groups.
    view : int
        Difference, effect size, or either group.
    """

    column: str | None = None
    first: str | None = None
    second: str | None = None
    view: int = 0


@dataclass(frozen=True)
class CohortAttributionChoice:
    """What is explained in which group.

    Parameters
    ----------
    column, first : str or None
        The column, and the group.
    target : str or None
        The class whose logit is explained.
    method : str or None
        Title of the method.
    most : int
        How many spectra at most.
    """

    column: str | None = None
    first: str | None = None
    target: str | None = None
    method: str | None = None
    most: int = 200


@dataclass(frozen=True)
class CohortTestsChoice:
    """What is tested.

    Parameters
    ----------
    kind : int
        Groups of a column, or association with one.
    column, reference, other : str or None
        The column, the group that is compared with, and the group beside it.
    covariates : tuple of str
        Columns that are regressed out.
    site : str or None
        Column of sites.
    combat, asymmetry : bool
        Whether sites are harmonised, and whether left is compared with right.
    features, scale : str or None
        What is tested of each spectrum, and how it is scaled before.
    permutations, seed : int
        Of the test.
    view : int
        Effects or centiles.
    structure : str or None
        The structure that is drawn.
    """

    kind: int = 0
    column: str | None = None
    reference: str | None = None
    other: str | None = None
    covariates: tuple[str, ...] = ()
    site: str | None = None
    combat: bool = False
    asymmetry: bool = False
    features: str | None = None
    scale: str | None = None
    permutations: int = 5000
    seed: int = 0
    view: int = 0
    structure: str | None = None


@dataclass(frozen=True)
class CohortConfoundsChoice:
    """What may have been learnt in place of the label.

    Parameters
    ----------
    target : str or None
        Column of the label.
    against : tuple of str
        Covariates that may predict it.
    permutations, most, seed : int
        Of the probes, of spectra, and of what is drawn.
    """

    target: str | None = None
    against: tuple[str, ...] = ()
    permutations: int = 100
    most: int = 1000
    seed: int = 0
