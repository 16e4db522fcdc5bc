"""SpectraCNN shows why a Keras Conv1D network classifies a Laplace-Beltrami spectrum as it does."""

__version__ = "0.1.0"
