"""Bringing figures into the database: decide what changed, stage it, settle it, derive what follows, report."""

from pfocr_db.load.report import Report
from pfocr_db.load.run import check, load

__all__ = ["Report", "check", "load"]
