"""An answer as data, which knows no format: grids and the facts of a run."""
