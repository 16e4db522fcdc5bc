"""Statistics of cohorts: effects, permutation tests, harmonisation, asymmetry, probes. No files."""
