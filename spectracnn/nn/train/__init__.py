"""Trains a Conv1D network on spectra of known class, and measures it beside simpler methods."""
