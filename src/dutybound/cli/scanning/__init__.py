"""How `dutybound scan` goes through millions of files: what, by whom, and what is written down."""
