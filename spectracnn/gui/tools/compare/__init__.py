"""Two spectra, or groups, layer by layer."""
