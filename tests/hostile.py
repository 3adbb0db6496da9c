"""Strings that break carelessly written software: for every form, search and feed.

`STRINGS` can be sent by HTTP as they are. `BYTES` are query strings and form bodies that no text can express.
"""

from __future__ import annotations

import os
from typing import Any

from django.db import connection

QUOTES = [
    '"', '""', '"""', '"a', 'a"', 'a"b', "'", "''", "a'b", "'a", "`", "``", "a`b", "\u201c", "\u201d", "\u201ca\u201d",
    "\u2018a\u2019", "\u00ab a \u00bb", '"e-rate"', '"U-46"', '"1:1"', '" "', '"-"', '"*"', '"a" "b', '-"', '-"a', '- "a"',
    '"a"b"c"d"', '\\"', "\\'", "\\", "\\\\", 'a\\"b', '"\\', "'\"", '"\'', "\"a\" AND 'b'",
]  # fmt: skip
OPERATORS = [
    "AND", "OR", "NOT", "NEAR", "NEAR(", "NEAR()", "NEAR(a b)", "NEAR(a b, 3)", 'NEAR("a" "b", 99999999999)', "a AND",
    "AND a", "a AND AND b", "a OR", "OR a", "NOT a", "a NOT", "NOT NOT a", "a NOT b NOT c", "(", ")", "()", "(a", "a)",
    "((((((((((", "))))))))))", "(a OR b", "*", "**", "a*", "*a", "a**", "^a", "^", "^^", "a^2", "a~", "a~2", "~", "a:b",
    "title:a", "title:", ":a", ":", "::", "{title}:a", "{title body}: a", "-title:a", "body : wifi", "rowid:1", "rank:1",
    "search_words:a", "a + b", "+a", "+", "-", "--", "---", "-a", "--a", "-a -b", "a -", "a - b", "a -a", "-*", "a & b",
    "a | b", "!a", "!", "!!", "a <-> b", "<->", "a <2> b", "a & & b", "| a", "a:*", "a:AB", "'a':*", "& | !", "a,b", ",",
    ";", "a;b", ".", "..", "...", "a.b", "?", "a?b", "/", "/a/", "a/b", "//", "@", "@@", "#", "#a", "$", "$$", "$1", "%",
    "%%", "%s", "%(a)s", "_", "__", "=", "==", "a=b", "<", ">", "<>", "|", "||", "&&", "[", "]", "[]", "{", "}", "{}",
    "<a>", "kind:", 'kind:"', "tag:-", "before:never", "after:9999-99-99", "district:0", "county:-1",
]  # fmt: skip
CONTROLS = [
    "\x00", "a\x00b", "\x00\x00\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31mred\x1b[0m", "\x1f", "\x7f", "\x80",
    "\x85", "\x9f", "\r", "\n", "\r\n", "a\r\nb", "a\r\nSet-Cookie: x=1", "a\nBcc: a@example.org", "\t", "a\tb", " ",
    "   ", "\u00a0", "\u2003", "\u3000", "\u2028", "\u2029", "\u200b", "a\u200bb", "\u200d", "\ufeff", "\ufeffa", "\u00ad",
    "a\u00adb", "\ufffe", "\uffff", "\ufffd", "\U0010ffff", "\ue000", "\ue000mark\ue001", "\ue001", "\u0002a\u0003",
]  # fmt: skip
SCRIPTS = [
    "\u202eabc", "\u202dabc\u202c", "\u2066abc\u2069", "\u200fabc", "שלום", "مرحبا بالعالم", "a مرحبا b", "日本語", "中文搜索", "한국어",
    "ไทย", "हिन्दी", "தமிழ்", "Ελληνικά", "русский", "İstanbul", "ıi", "ß", "ẞ", "straße", "ﬁ", "ﬀ", "Ǆ", "é", "e\u0301",
    "ñandú", "\u0301", "\u0301\u0301\u0301", "Z\u0351\u036b\u0343a\u0300lgo\u0321\u0321", "a" + "\u0300" * 60, "Å", "Å", "℃",
    "①②③", "½", "²", "x²", "٣", "१२३", "３６", "𝟘𝟙", "Ⅷ", "𝕨𝕚𝕗𝕚", "ｗｉｆｉ", "𐍈", "𓀀", "ⓦⓘⓕⓘ", "ˈwaɪfaɪ", "ʻ", "Oʻahu",
    "😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇺🇸", "👍🏽", "wifi😀", "😀" * 40, "❤️", "™", "©", "…", "–", "—", "‑", "Wi‑Fi", "Wi–Fi", "−1",
]  # fmt: skip
INJECTIONS = [
    "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE search_entry; --", "1; SELECT pg_sleep(5)", "' UNION SELECT NULL--",
    '" OR ""="', "1' AND SLEEP(5)#", "admin'--", "/* */", "--", "/**/OR/**/1", "%27", "\\x27", "E'\\\\'", "$$;$$", "x'00'",
    "'||'", "'); DELETE FROM districts_user; --", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>bold",
    "</title><script>alert(1)</script>", '"><svg onload=alert(1)>', "'><a href=javascript:alert(1)>x</a>", "<mark>x</mark>",
    "javascript:alert(1)", "data:text/html,<b>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;b&gt;", "&#60;b&#62;", "&amp;amp;",
    "&#0;", "&nbsp;", "<br/>", "<style>*{}</style>", "<iframe src=//example.org>", "</textarea><b>", "</main>", "<%= 1 %>",
    "{{ 7*7 }}", "{{ settings.SECRET_KEY }}", "{% debug %}", "{% include 'x' %}", "{# a #}", "{%", "{{", "${7*7}", "#{7*7}",
    "<#if 1>", "%{7*7}", "{0}", "{0.__class__}", "{user.password}", "%n%n%n", "%x%x%x", "%1$s", "%(password)s", "$(id)",
    "`id`", "| id", "; id", "&& id", "> /dev/null", "*)(uid=*", "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://example.org","x")', "\t=1+1", "\r=1+1", "=1+1\n=2+2", "../../etc/passwd", "..\\..\\windows",
    "/etc/passwd", "....//....//", "%2e%2e%2f", "%252e%252e", "file:///etc/passwd", "C:\\", "\\\\server\\share", "CON",
    "~root", "http://169.254.169.254/", "//example.org", "https://example.org/?a=b&c=d#e", "a@example.org",
    "a@example.org, b@example.org", '"a" <a@example.org>', "BEGIN:VEVENT", "a;b,c:d", "END:VCALENDAR\r\nBEGIN:VEVENT",
    "<?xml version='1.0'?>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", '{"a": 1}', '{"$ne": null}', "[1,",
    "__proto__", "constructor", "__class__", "null", "NULL", "None", "nil", "undefined", "NaN", "Infinity", "-Infinity",
    "true", "false", "True", "0", "-0", "00", "-1", "1e309", "1e-400", "0x7fffffff", "2147483648", "9223372036854775808",
    "99999999999999999999999999", "1.0", "1,000", "1/0", "0.1.2", "1_000", "٠", "08:60", "2026-02-30", "0000-00-00",
]  # fmt: skip
LONG = [
    "a" * 200, "a" * 201, "a" * 1000, "a" * 3000, "a " * 500, "ab " * 20 + "c", " " * 3000, '"' * 500, "-" * 500,
    "(" * 500, "*" * 500, "'" * 501, "wi-fi " * 60, "-".join("a" * 200), "-".join(["word"] * 60), "a" * 199 + "é",
    "😀" * 300, "\u0301" * 300, "word " * 19 + '"a phrase', " OR ".join("ab" for _ in range(60)), "a:b:" * 60, "1" * 300,
    "\n" * 500, "&" * 500, "%" * 500, "\\" * 501, "é" * 500, "x" * 64 + "@" + "y" * 200 + ".org", "NOT " * 60 + "a",
]  # fmt: skip
PLAIN = [
    "to be or not to be", "the", "IT", "it", "how do I", "U-46", "u46", "D303", "1:1", "E-Rate", "erate", "wifi", "Wi-Fi",
    "don't", "O'Fallon", "St. Charles", "AT&T", "C++", "C#", ".NET", "a.m.", "802.11ax", "10.0.0.1", "::1", "v1.2.3",
    "50%", "$329.00", "3/4", "K-12", "k12", "Q&A", "and/or", "he/she", "R2-D2", "x-", "-x-", "x--y", "a-b-c-d-e-f-g-h",
]  # fmt: skip

STRINGS = list(dict.fromkeys([*QUOTES, *OPERATORS, *CONTROLS, *SCRIPTS, *INJECTIONS, *LONG, *PLAIN]))


def share(of: int = 2, *, first: int = 0) -> list[str]:
    """Every second string, or every `of`th, and on the other database others: where a whole page answers each.

    `script/drill strings` sends all. Every engine is asked for all of them, by itself, in tests/search/test_hostile.py.
    """
    if "HOSTILE_STRINGS" in os.environ:
        return STRINGS
    return STRINGS[(first + (of // 2 if connection.vendor == "postgresql" else 0)) % of :: of]


BYTES = [
    b"%", b"%0", b"%zz", b"%00", b"a%00b", b"%ff", b"%fe%ff", b"%c0%af", b"%c0%80", b"%ed%a0%80", b"%ed%bf%bf",
    b"%ed%a0%bd%ed%b8%80", b"%f4%90%80%80", b"%e2%82", b"%80", b"a%80b", b"%u0041", b"+", b"++", b"%2B", b"%26", b"%3D",
    b"%23", b"%0d%0aX-Header:%20x", b"%22%FF%22", b"%F0%9F%98", b"%E2%80%AE", b"&", b"&&q=a&q=b", b"=", b";", b"%25%30%30",
]  # fmt: skip
"""Percent-encoded values as they stand in an address: broken UTF-8, lone surrogates, overlong forms, NUL."""

RAW = [
    b"<script>alert(1)",
    b"<img src=x onerror",
    b"<svg onload",
    b"<iframe src=//example.org",
    b"<a href=javascript:",
    b"<b>bold",
    b"<mark>x</mark>",
    b"</title><script",
    b'href="javascript:',
    b'src="javascript:',
]


def check(response: Any, sent: str) -> None:
    """It is an answer, and a page shows no markup that was typed."""
    assert response.status_code < 500, f"{response.status_code} for {sent!r}"
    if "html" in response.headers.get("Content-Type", ""):
        raw = [markup for markup in RAW if markup in response.content]
        assert not raw, f"{raw} on the page after {sent[:200]!r}"
