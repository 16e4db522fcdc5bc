"""Seven lessons: what they say, in order, and how far a person is."""
