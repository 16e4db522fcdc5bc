"""What a card says of networks that were trained on the bundled data."""

from __future__ import annotations

DATA_NAME = "shrec07_lb_train.h5"

CITATION = (
    "Meshes: D. Giorgi, S. Biasotti, L. Paraboschi, Shape Retrieval Contest 2007: Watertight "
    "Models Track. Spectra as features: M. Reuter, F.-E. Wolter, N. Peinecke, Laplace-Beltrami "
    'spectra as "Shape-DNA" of surfaces and solids, Computer-Aided Design 38(4), 2006. '
    "Eigenvalues: LaPy, https://github.com/Deep-MI/LaPy."
)
LICENCE = "MIT (the model); the training data are numbers computed from the meshes cited"
EXPECT = "; expect 0.87 \u00b1 0.03 on new shapes of these classes"
EXPECTED = {("plain", 100), ("ensemble", 100)}
"""Architecture and length of which that was seen outside this project."""


def rights(data_name: str) -> tuple[str, str]:
    """Return licence and citation; empty for data of which they are not known."""
    return (LICENCE, CITATION) if data_name == DATA_NAME else ("", "")


def expectation(data_name: str, architecture: str, eigenvalues: int) -> str:
    """Return what to expect of new shapes, to go behind how a figure was obtained."""
    known = data_name == DATA_NAME and (architecture, eigenvalues) in EXPECTED
    return EXPECT if known else ""
