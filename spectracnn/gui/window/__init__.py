"""The main window and what its menus do."""
