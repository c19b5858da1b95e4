"""Pages for a browser: each one file that asks for nothing else."""
