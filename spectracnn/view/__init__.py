"""Pure functions from the document and the selection to what each panel shows. No Qt."""
