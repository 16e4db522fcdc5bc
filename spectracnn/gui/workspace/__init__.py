"""The one object that changes the document, and what it asks."""
