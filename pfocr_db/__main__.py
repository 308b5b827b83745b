"""python -m pfocr_db"""

from pfocr_db.cli import main

main()
