"""Claims and the commands that print them, one file each."""
