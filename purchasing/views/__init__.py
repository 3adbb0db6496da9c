"""HTTP and nothing else: fetch with access, parse, act, redirect."""
