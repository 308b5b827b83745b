"""Names and defaults a user meets; free of imports, so that --help need not wait."""

DATABASE_VARIABLE = "PFOCR_DB_URL"
DEFAULT_DATABASE = "pfocr.db"
DEFAULT_SOURCE = "pfocr"
COUNTS = ("seen", "added", "changed", "unchanged", "withdrawn", "returned", "rejected")
"""What a load counts figures by."""
