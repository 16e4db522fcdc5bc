"""The panels of the window: each shows the contents it is given and keeps no state of its own."""
