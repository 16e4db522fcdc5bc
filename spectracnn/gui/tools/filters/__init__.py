"""The learned filters."""
