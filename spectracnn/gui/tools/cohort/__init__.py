"""The cohort as a whole: predictions, groups, statistics, confounds."""
