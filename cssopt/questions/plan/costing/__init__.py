"""A planner's own plan, costed and checked."""
