"""The command line: the stable contract for scripts. Never imports Qt."""
