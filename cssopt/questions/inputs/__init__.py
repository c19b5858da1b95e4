"""Questions about the inputs themselves: checks, templates, references, the mathematics."""
