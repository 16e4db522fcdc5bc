"""What each layer does over many spectra."""
