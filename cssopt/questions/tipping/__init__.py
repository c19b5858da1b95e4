"""The question `tipping`: where the structure of the plan changes as one input does."""
