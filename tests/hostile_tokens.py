"""Things that arrive where a signed token is expected."""

HOSTILE_TOKENS = [
    "",
    "x",
    ":",
    "::",
    "bm90IGpzb24:sig",
    "WyJuIiwgWyJuYW1lIl0sIFtdXQ:AAAA",
    "\x00",
    "\u202e",
    "é:é",
    "💥",
    "' OR 1=1 --",
    "A" * 5000,
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
]
