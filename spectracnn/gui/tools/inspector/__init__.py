"""One sample's arithmetic."""
