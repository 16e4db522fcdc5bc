"""The arithmetic behind one sample of a layer's output, in numbers that add up."""
