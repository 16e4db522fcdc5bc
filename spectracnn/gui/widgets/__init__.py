"""Small general widgets, each free of the document."""
