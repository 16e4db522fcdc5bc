"""Keras networks: load, describe, trace, train. The only importer of keras and tensorflow."""
