"""The command line: the same core as the window's, without Qt."""
