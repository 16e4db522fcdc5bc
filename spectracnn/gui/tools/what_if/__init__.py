"""Change a spectrum and watch."""
