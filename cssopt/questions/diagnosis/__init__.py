"""The question `diagnose`: which inputs contradict each other, and the least that mends it."""
