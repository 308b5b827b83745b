"""From files to records and problems. Knows no database."""
