"""Compiling to arrays, HiGHS, status: the only place that knows HiGHS."""
