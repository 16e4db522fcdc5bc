"""A training's report in words and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def _metric(report: Mapping[str, Any]) -> str:
    return "r2" if report.get("task") == "regression" else "accuracy"


def _mean(record: Any) -> tuple[float, float] | None:
    """Return mean and sd of ``{"mean": ..., "sd": ...}``."""
    if not isinstance(record, dict) or record.get("mean") is None:
        return None
    return float(record["mean"]), float(record.get("sd") or 0.0)


def headline(report: Mapping[str, Any]) -> str:
    """Return the figure that counts, and how it stands beside the best simpler method.

    Parameters
    ----------
    report : mapping
        What ``spectracnn train --json`` prints.
    """
    metric = _metric(report)
    name = "R\u00b2" if metric == "r2" else "Accuracy"
    ours = _mean(report.get(metric))
    if ours is None:
        return "Trained, not cross-validated: nothing is known of how well it does on new spectra."
    text = f"{name} {ours[0]:.3f} \u00b1 {ours[1]:.3f}, {report.get('how', 'cross-validated')}."
    others = {
        method: found
        for method, figures in dict(report.get("baselines", {})).items()
        if (found := _mean(dict(figures).get(metric))) is not None
    }
    if not others:
        return text
    best = max(others, key=lambda method: others[method][0])
    if others[best][0] >= ours[0]:
        return f"{text} The simpler method {best} is as good: {others[best][0]:.3f}."
    return f"{text} The best simpler method, {best}, has {others[best][0]:.3f}."


def figure_rows(report: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return name, mean and sd of the network and the simpler methods; recalls of the classes."""
    metric = _metric(report)
    rows: list[tuple[str, str, str]] = []
    found = {"this network": report, **dict(report.get("baselines", {}))}
    for name, figures in found.items():
        value = _mean(dict(figures).get(metric))
        if value is not None:
            rows.append((name, f"{value[0]:.3f}", f"{value[1]:.3f}"))
    error = _mean(report.get("mae"))
    if error is not None:
        unit = f" ({report['unit']})" if report.get("unit") else ""
        rows.append((f"mean absolute error{unit}", f"{error[0]:.4g}", f"{error[1]:.2g}"))
    for name, recall in dict(report.get("recall", {})).items():
        words = "\u2013" if recall is None else f"{float(recall):.2f}"
        rows.append((f"recall of {name}", words, ""))
    return rows
