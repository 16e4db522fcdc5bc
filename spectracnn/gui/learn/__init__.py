"""Tour and lessons."""
