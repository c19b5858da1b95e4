"""Marked copies: a workbook with its issues as comments on their cells."""
