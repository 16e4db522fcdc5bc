"""Paragraphs for a paper's section on methods, about what the cohort's pages show."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from spectracnn import __version__
from spectracnn.core.attribution_methods import METHODS
from spectracnn.stats.methods import versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.attribution import Method
    from spectracnn.state.document import Document
    from spectracnn.view.cohort.attributions import GroupAttribution
    from spectracnn.view.cohort.groups import TwoGroups
    from spectracnn.view.cohort.predictions import PredictionSummary

_MOST_NUMBERS = 4
_PACKAGES = ("keras", "tensorflow-cpu", "numpy", "scipy", "statsmodels", "scikit-learn")


def network_words(document: Document) -> str:
    """Return which network, with which preprocessing, in a sentence."""
    model = document.model
    if model is None:
        return ""
    title = model.card.title or model.name
    steps = model.card.preprocessing.to_json()
    words = []
    for step in steps:
        options = ", ".join(_option(name, step[name]) for name in step if name != "step")
        words.append(str(step["step"]).replace("_", " ") + (f" ({options})" if options else ""))
    return (
        f"The network {title} ({model.path}, SHA-256 {model.sha256[:12]}) reads eigenvalues "
        f"preprocessed by: {'; '.join(words) or 'nothing'}."
    )


def _option(name: str, value: object) -> str:
    if isinstance(value, list | tuple) and len(value) > _MOST_NUMBERS:
        return f"{name} of {len(value)} numbers in its card"
    return f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}"


def _software(packages: Sequence[str] = _PACKAGES) -> str:
    return f"Software: {', '.join(versions(__version__, packages))}."


def predictions_paragraph(
    document: Document, summary: PredictionSummary, source: Sequence[str], why_not: str
) -> str:
    """Return what the page of predictions shows, and the command that predicts again."""
    answers = summary.answers
    sentences = [
        network_words(document),
        f"It was applied to {len(answers.ids):,} spectra, of which it read "
        f"{int(answers.known.sum()):,} and refused {int(answers.refused.sum()):,}.",
    ]
    if summary.labelled is not None:
        found = summary.labelled
        share, low, high = found.accuracy
        sentences.append(
            f"Against the column {found.name} ({int(found.confusion.sum()):,} spectra) accuracy "
            f"was {share:.3f} (95% Wilson interval {low:.3f} to {high:.3f}) and balanced accuracy "
            f"{found.balanced:.3f}; ROC and precision-recall curves are of each class against all "
            "others, reliability is in ten bins of equal width with Wilson intervals."
        )
    if summary.regressed is not None:
        sentences.append(
            f"Against the column {summary.regressed.name} ({summary.regressed.n:,} spectra) R2 "
            f"was {summary.regressed.r2:.3f} and the mean absolute error "
            f"{summary.regressed.mae:.4g}."
        )
    sentences.append(_software())
    return _with_command(sentences, document, "predict", source, why_not)


def groups_paragraph(document: Document, column: str, found: TwoGroups) -> str:
    """Return what the page of groups shows."""
    first, second = found.names
    return " ".join(
        (
            network_words(document),
            f"The outputs of all its layers were compared between {found.first.count:,} spectra "
            f"with {column} {first} and {found.second.count:,} with {column} {second}: mean, "
            "standard deviation and Hedges' g (first minus second, pooled variance, "
            "small-sample correction) of every sample, by streaming moments (Chan et al. 1983). "
            "Effects of single samples are not corrected for their number.",
            _software(("keras", "tensorflow-cpu", "numpy")),
        )
    )


def attribution_paragraph(
    document: Document,
    column: str,
    group: str,
    target: str,
    method: Method,
    found: GroupAttribution,
    members: int,
) -> str:
    """Return what the page about the attribution of a group shows; it may have more members."""
    info = METHODS[method]
    chosen = f" of {members:,}, drawn at random (seed 0)," if members > found.n else ""
    return " ".join(
        (
            network_words(document),
            f"{found.n:,} spectra with {column} {group}{chosen} were explained for the class "
            f"{target} by {info.title} ({info.source}), summed over channels; the mean is given "
            "with its 95% interval by Student's t. Whether the sign at an eigenvalue agrees over "
            "the group was tested by a two-sided sign test, corrected by the false discovery rate "
            "(Benjamini-Hochberg).",
            _software(),
        )
    )


def _with_command(
    sentences: list[str], document: Document, command: str, source: Sequence[str], why_not: str
) -> str:
    if source and document.model is not None:
        words = ["spectracnn", command, *source, "--model", document.model.path]
        sentences.append(f"Command: {shlex.join(words)}")
    elif why_not:
        sentences.append(why_not)
    return " ".join(sentence for sentence in sentences if sentence)
