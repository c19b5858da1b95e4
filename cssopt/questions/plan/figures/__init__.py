"""The figures of the pages of a plan, each defined once."""
