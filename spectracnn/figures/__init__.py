"""The same panel contents as the window's, drawn for export with matplotlib. No Qt."""
