"""What can be asked of the inputs of an alliance: one folder a question."""
