"""Files to spectra and back: one reader module a format, recognised by content first."""
