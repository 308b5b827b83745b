"""Bringing figures into the database: decide what changed, stage it, settle it, derive what follows, report."""

from pfocr_db.load.report import Report
from pfocr_db.load.run import DEFAULT_SOURCE, check, load

__all__ = ["DEFAULT_SOURCE", "Report", "check", "load"]
