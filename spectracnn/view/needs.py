"""What models need of a spectrum, in words, and what helps where something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry


def needed_text(model: ModelDescription) -> str:
    """Return what a model needs of a spectrum, in one sentence."""
    shape = model.input_shape
    steps = model.card.preprocessing.length or (shape[-2] if len(shape) > 1 else shape[0])
    count = len(model.structures)
    of = f"{count} spectra of one subject, each with" if count > 1 else "a spectrum with"
    if model.open_length and model.card.preprocessing.length is None:
        return f"{model.name} reads {of} any number of eigenvalues."
    return f"{model.name} needs {of} at least {steps} eigenvalues."


def needs_of_models(document: Document) -> list[str]:
    """Return a sentence for each open model, the current one first."""
    others = [other.model for other in document.others]
    models = others if document.model is None else [document.model, *others]
    return [needed_text(model) for model in models]


def next_steps(document: Document, entry: Entry | None) -> tuple[str, ...]:
    """Return the names of the commands that help where a spectrum has no answer.

    Parameters
    ----------
    document : Document
        What is open.
    entry : Entry or None
        The current spectrum.

    Returns
    -------
    tuple of str
        Empty while all that helps is to wait for the network.
    """
    if entry is None:
        return ("open_files", "open_samples")
    if entry.refusal:
        return ("open_model", "edit_model_card")
    return () if document.model is not None else ("open_model",)
