"""Mutated files of every format: a value or a sentence, nothing else."""
