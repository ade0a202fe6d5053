"""A tamper-evident log that foreign software can verify: RFC 9162 trees in C2SP tiles.

`tree` hashes and proves, `tiles` lays hashes and entries out as files, `notes` and `checkpoint`
sign the head, `verify` checks a whole journal and names the entries that were tampered with.
"""
