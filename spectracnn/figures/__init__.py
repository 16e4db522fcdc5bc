"""Panel contents drawn for export with matplotlib, and written as numbers. No Qt, no display."""
