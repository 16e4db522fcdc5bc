"""A layer's output of many spectra in the plane."""
