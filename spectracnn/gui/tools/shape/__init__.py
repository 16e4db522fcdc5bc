"""The shape beside its spectrum."""
