"""Study, order of components, assembled problem."""
