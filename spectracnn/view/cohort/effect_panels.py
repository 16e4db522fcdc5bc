"""A test of a cohort as panels and tables: effects, one feature's values, centiles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.stats.centiles import BANDS
from spectracnn.view.cohort.panels import GOOD, MUTED, Line, Panel, Sheet
from spectracnn.view.cohort.testing import EFFECT_NAMES, NUMBERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.stats.centiles import Standing
    from spectracnn.view.cohort.testing import Tested

SIGNIFICANT = 0.05
_MOST_POINTS = 2_000
_CENTILES = ((5, 95), (25, 75))


def structure_names(tested: Tested) -> tuple[str, ...]:
    """Return the structures that rows belong to."""
    return tested.study.features.structures()


def places_of(tested: Tested, structure: str) -> NDArray[np.int64]:
    """Return the features of a structure that were tested."""
    names = np.array(tested.study.features.structure, object)
    return np.asarray([place for place in tested.places if names[place] == structure], np.int64)


def _axis(
    tested: Tested, places: NDArray[np.int64]
) -> tuple[NDArray[np.float64], tuple[tuple[float, str], ...], str]:
    """Return positions along x, ticks of names and the axis' label."""
    features = tested.study.features
    if not features.label:
        return features.index[places].astype(float), (), "eigenvalue"
    names = [features.label[place] for place in places]
    step = max(1, len(names) // 12)
    ticks = tuple((float(at), name) for at, name in enumerate(names) if at % step == 0)
    return np.arange(len(places), dtype=float), ticks, "band"


def effect_panel(tested: Tested, structure: str) -> Panel:
    """Return effect sizes with their intervals; those that stand the test are green."""
    places, found = places_of(tested, structure), tested.found
    x, ticks, label = _axis(tested, places)
    effect, low, high = (getattr(found, name)[places] for name in ("effect", "ci_low", "ci_high"))
    lines = [Line("95 % interval", x, effect, low, high, places=places, points=len(x) < 60)]
    family = found.p_fwe[places] <= SIGNIFICANT
    discovered = (found.p_fdr[places] <= SIGNIFICANT) & ~family
    for chosen, name, colour in (
        (discovered, "p FDR \u2264 0.05", 4),
        (family, "p FWE \u2264 0.05", GOOD),
    ):
        if chosen.any():
            lines.append(
                Line(name, x[chosen], effect[chosen], colour=colour, points=True, joined=False)
            )
    name = EFFECT_NAMES[tested.design.effect]
    settings, groups = tested.settings, tested.design.groups
    if tested.design.effect == "g":
        title = f"{name}: {groups[1]} beside {groups[0]}"
    elif groups:
        title = f"{name} of {settings.column}"
    else:
        title = f"{name} with {settings.column}"
    title += f", {structure}" if structure else ""
    return Panel(title, label, name, tuple(lines), baselines=(0.0,), ticks=ticks)


def feature_name(tested: Tested, place: int) -> str:
    """Return what a feature is called."""
    features = tested.study.features
    own = (
        f"band {features.label[place]}" if features.label else f"eigenvalue {features.index[place]}"
    )
    return f"{features.structure[place]} {own}".strip()


def feature_panel(tested: Tested, place: int) -> Panel:
    """Return one feature of everybody: beside each other by group, or against the variable."""
    design, values = tested.design, tested.study.features.values[tested.design.kept, place]
    step = max(1, -(-len(values) // _MOST_POINTS))
    shown = np.arange(0, len(values), step)
    title = feature_name(tested, place)
    title += f", every {step}th participant drawn" if step > 1 else ""
    if not design.groups:
        x = tested.study.column(tested.settings.column).numbers
        assert x is not None
        points = Line("", x[design.kept][shown], values[shown], points=True, joined=False,
                      places=design.kept[shown])  # fmt: skip
        return Panel(title, tested.settings.column, "value", (points,))
    code = np.where(design.tested.any(axis=1), design.tested.argmax(axis=1) + 1, 0)
    spread = np.random.default_rng(0).uniform(-0.25, 0.25, len(values))
    lines = []
    for group in range(len(design.groups)):
        own = shown[code[shown] == group]
        lines.append(
            Line("", group + spread[own], values[own], colour=group, points=True, joined=False,
                 places=design.kept[own])
        )  # fmt: skip
        mean = float(values[code == group].mean())
        ends = np.array([group - 0.35, group + 0.35])
        lines.append(Line("", ends, np.full(2, mean), colour=-2))
    ticks = tuple((float(at), f"{name}") for at, name in enumerate(design.groups))
    span = (-0.6, len(design.groups) - 0.4)
    return Panel(title, tested.settings.column, "value", tuple(lines), x_range=span, ticks=ticks)


def effect_sheet(tested: Tested) -> Sheet:
    """Return one row a feature."""
    places, features, found = tested.places, tested.study.features, tested.found
    columns: list[NDArray[np.generic]] = []
    headings, digits = [], []
    if tested.shows_structure:
        headings.append("structure")
        columns.append(np.array([features.structure[place] for place in places], object))
        digits.append("")
    if features.label:
        headings.append("band")
        columns.append(np.array([features.label[place] for place in places], object))
        digits.append("")
    else:
        headings.append("index")
        columns.append(features.index[places].astype(float))
        digits.append(".0f")
    headings += [EFFECT_NAMES[tested.design.effect], "95 % from", "to", "p", "p FWE", "p FDR"]
    columns += [getattr(found, name)[places] for name in NUMBERS]
    digits += [".3f", ".3f", ".3f", ".4f", ".4f", ".4f"]
    return Sheet(tuple(headings), tuple(columns), tuple(digits))


def sentence(tested: Tested) -> str:
    """Return the main findings in words, and what was left out."""
    places, found, design = tested.places, tested.found, tested.design
    family = int(np.count_nonzero(found.p_fwe[places] <= SIGNIFICANT))
    discovered = int(np.count_nonzero(found.p_fdr[places] <= SIGNIFICANT))
    what = "bands" if tested.study.features.label else "eigenvalues"
    groups = ", ".join(
        f"{name} {count:,}" for name, count in zip(design.groups, design.counts, strict=True)
    )
    who = f"{len(design.kept):,} participants" + (f" ({groups})" if groups else "")
    text = (
        f"{who}: {family} of {len(places):,} {what} with p FWE \u2264 0.05, {discovered} with "
        "p FDR \u2264 0.05; smallest p FWE "
        f"{np.nanmin(found.p_fwe[places]):.4g}."
    )
    if family and not discovered and tested.settings.permutations < len(places) / SIGNIFICANT:
        needed = math.ceil(len(places) / SIGNIFICANT / 1000) * 1000
        text += f" For p FDR so many {what} need about {needed:,} permutations."
    notes = (*tested.study.notes, *tested.study.features.notes, *design.notes)
    return " ".join((text, *notes))


def centile_panel(tested: Tested, standing: Standing, unit: int, structure: str) -> Panel:
    """Return where one participant stands, in standard deviations, over bands of the reference.

    Parameters
    ----------
    tested : Tested
        The test.
    standing : Standing
        Of its participants.
    unit : int
        Place among the study's participants; -1 for none.
    structure : str
        Which structure.
    """
    places = places_of(tested, structure)
    x, ticks, label = _axis(tested, places)
    bands = dict(zip(BANDS, standing.bands[:, places], strict=True))
    lines = []
    for low, high in _CENTILES:
        bottom, top = bands[low], bands[high]
        words = f"{low} to {high} % of the reference"
        lines.append(Line(words, x, np.full(len(x), np.nan), bottom, top, MUTED))
    lines.append(Line("median", x, bands[50], colour=MUTED, dashed=True))
    row = np.flatnonzero(tested.design.kept == unit)
    name = ""
    if row.size:
        name = tested.study.features.units[unit]
        lines.append(Line(name, x, standing.z[row[0], places], points=len(x) < 60, places=places))
    title = f"Where {name or 'nobody'} stands among {_reference(tested)}"
    title += f", {structure}" if structure else ""
    return Panel(title, label, "z", tuple(lines), baselines=(0.0,), ticks=ticks)


def _reference(tested: Tested) -> str:
    groups = tested.design.groups
    return f"'{groups[0]}'" if groups else "all"


def centile_sheet(tested: Tested, standing: Standing, unit: int) -> Sheet:
    """Return one row a feature with the value, centile and z of one participant."""
    row = np.flatnonzero(tested.design.kept == unit)
    places = tested.places
    names = np.array([feature_name(tested, place) for place in places], object)
    if not row.size:
        return Sheet(("feature", "value", "centile", "z"), (names[:0], *(np.zeros(0),) * 3))
    values = tested.study.features.values[unit, places]
    centile, z = standing.centile[row[0], places], standing.z[row[0], places]
    return Sheet(
        ("feature", "value", "centile", "z"),
        (names, values, centile, z),
        ("", ".5g", ".1f", ".2f"),
        ("", "As it was tested", "Percent of the reference group below", "Distance in SD"),
    )
