"""Runs that were kept: written again in any format, and told apart."""
