"""Meshes and their Laplace-Beltrami spectra, on NumPy and SciPy. No Keras, no Qt."""
