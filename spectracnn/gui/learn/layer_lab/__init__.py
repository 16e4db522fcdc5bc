"""The layer lab: one spectrum or image, and layers of the person's own making."""
