"""What the cohort's pages and commands compute: plain functions of spectra, columns and answers."""
