"""Slides for deciders: the first page of a document, a section a slide."""
