"""The question `why`: how a need is covered, and what covers it next."""
