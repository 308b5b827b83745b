"""From files to records and problems. Knows no database."""

RULES = 1
"""Raise it when files are read in another way: then all are read again, and all figures count as changed."""
