"""The question `solve`: the cheapest plan that meets the needs, and what it is compared with."""
