"""The window's commands as records, from which menus, toolbar and palette are drawn."""
