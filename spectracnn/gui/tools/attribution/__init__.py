"""Which eigenvalues drive a class."""
