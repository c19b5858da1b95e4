"""Column and table specs, checks, frozen data. Knows neither Pyomo nor spreadsheets."""
