"""Seven lessons in a window: one idea, one picture under the hand, one question each."""
