"""The pages of a plan for deciders: one question each, its answer the title, made by rules."""
