"""Where a figure comes from: its parts, the decisions and rules behind them, and the cells."""
