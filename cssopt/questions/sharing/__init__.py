"""The question `share`: who pays what, by every accepted way, and who would agree."""
