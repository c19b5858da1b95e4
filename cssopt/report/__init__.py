"""Reports from solution tables."""
