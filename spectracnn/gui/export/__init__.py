"""Dialogs and workers that write figures and values."""
