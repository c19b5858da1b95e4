"""Analyses made of several solves."""
