"""The Python API for notebooks and scripts; its names are reached from ``spectracnn`` itself."""
