"""The domain: spectra, preprocessing, model cards, receptive fields and traces. NumPy only."""
