"""Does a measure work? Counts and times in, a status with its figures out; nothing else is asked.

The server's app of the same name keeps evidence of content; this judges measures.
"""
