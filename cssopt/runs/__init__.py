"""Many solves: specified, shared out, kept in a journal, read into tables."""
