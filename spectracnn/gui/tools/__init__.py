"""Views that explain: made when first asked for, each linked to the workspace by itself."""
