"""Finds the reference file that a card names, and sees whether it fits the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.reference import Reference, read_reference
from spectracnn.core.spectrum import SITE, Spectrum
from spectracnn.errors import CardError, PreprocessingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.card import ModelCard

TOLERANCE = 1e-3
"""Between an input of the reference and the same spectrum through the card's steps."""


def find_reference(
    model: Path, card: ModelCard, card_file: Path | None, input_shape: Sequence[int]
) -> tuple[Reference | None, tuple[str, ...]]:
    """Return what is known of the training spectra, and a sentence where it cannot be used.

    Parameters
    ----------
    model : Path
        The model's file, beside which the reference lies.
    card : ModelCard
        Names it.
    card_file : Path or None
        Where the card lies: the reference may be beside it instead.
    input_shape : sequence of int
        Of the network's input.
    """
    if card.reference is None:
        return None, ()
    name = Path(card.reference.file).name
    places = [model.parent / name] + ([card_file.parent / name] if card_file else [])
    path = next((place for place in places if place.exists()), places[0])
    try:
        reference = read_reference(path, card.reference.sha256)
        problem = _misfit(reference, card, input_shape)
    except CardError as error:
        problem = error.message.rstrip(".")
    if problem:
        return None, (f"Typicality unknown: {problem}.",)
    return reference, ()


def _misfit(reference: Reference, card: ModelCard, input_shape: Sequence[int]) -> str:
    """Return why a reference is not one of this network with these steps; empty if it is."""
    width = reference.inputs.shape[1]
    if width != int(np.prod(input_shape)):
        return f"the reference holds inputs of {width} values"
    own = reference.eigenvalues[0]
    step = card.preprocessing.harmony
    # Where sites are harmonised the reference holds the outcome, and not which site it was.
    for site in ("",) if step is None else step.sites:
        spectrum = Spectrum("reference", own[np.isfinite(own)], metadata={SITE: site})
        try:
            made = card.preprocessing.apply(spectrum).values
        except PreprocessingError:  # it needs an area, say, which the reference does not hold
            return ""
        tolerance = TOLERANCE * max(1.0, float(np.abs(made).max()))
        if made.size == width and np.allclose(made, reference.inputs[0], atol=tolerance):
            return ""
    return "the reference was made with other preprocessing steps"
