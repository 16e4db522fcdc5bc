"""Which input samples drive a class: one module for each family of methods."""
