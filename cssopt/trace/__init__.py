"""Numbers that remember the cells they come from: recording, replaying, differentiating."""
