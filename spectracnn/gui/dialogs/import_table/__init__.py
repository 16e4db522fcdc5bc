"""Which way a table lies."""
