"""Strings for argument sets: nasty ones, formats, patterns, and what each place on the wire can carry."""

import base64
import re
import sys
import uuid

import regex
import rstr

sys.modules["rstr.xeger"].STAR_PLUS_LIMIT = 4096  # an explicit `{192}` is meant; `*` and `+` are bounded below

NASTY = ["a b", "a/b", "a?b=c", "a&b=c", "x=y", "#frag", "100%", "%41", "%2e%2e", "a+b", "ü→日本🙂", '"q"', "'s'", "a,b",
         "a;b", "a|b", "a.b", "~-_.", "[x]", "{y}", " lead ", "true", "null", "0", "-1", "1e3", "a\\b", "a\tb", "two\nlines",
         "x\r\ny", "a:b@c", "*!$()", "<x>&amp;", "..;/", "é", "long " * 40]
TAME = ["alpha", "b-2", "C_3", "d.4", "five", "6"]
KEYS = ["extra", "k y", "ü", "a.b", "q&a", "x=1"]


class Impossible(Exception):
    """No instance could be made."""


def fits(place, text):
    """Whether a place can carry a text at all (what it cannot is tested by hostile.py)."""
    if place == "path":
        return text not in ("", ".", "..") and not re.fullmatch(r"(?:\.|%2[eE]){1,2}", text)
    if place in ("header", "plain-cookie"):
        return re.fullmatch(r"[!-~](?:[ -~]*[!-~])?|", text) is not None and (place == "header" or ";" not in text)
    if place == "xml":
        return re.fullmatch("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", text) is not None
    return True


def translate(pattern):
    """An ECMAScript pattern in the dialect of the `regex` package."""
    pattern = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", pattern)
    pattern = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: re.escape(chr(int(m[1], 16))), pattern)
    pattern = pattern.replace(r"\/", "/").replace(r"\-", r"\-")
    return re.sub(r"\$$", r"\\Z", pattern) if not pattern.endswith(r"\$") else pattern


def searches(pattern, text):
    """Whether a pattern is found in a text; a pattern nobody can read passes."""
    try:
        return regex.search(translate(pattern), text) is not None
    except regex.error:
        return True


def bounded(pattern, least):
    """A pattern whose repeats without an end, or with a far one, end soon."""
    out, inside = [], False
    for piece in re.findall(r"\\.|\[\^?\]?|\]|\{\d+(?:,\d*)?\}|.", pattern, re.S):
        repeat = re.fullmatch(r"\{(\d+),(\d*)\}", piece)
        if piece.startswith("[") and not inside:
            inside = True
        elif piece == "]" and inside:
            inside = False
        elif not inside and piece in ("*", "+"):
            piece = "{%d,%d}" % (least or (piece == "+"), least + 6)
        elif not inside and repeat:
            low, high = int(repeat[1]), int(repeat[2] or 10 ** 9)
            piece = "{%d,%d}" % (low, min(high, max(low, least) + 12))
        out.append(piece)
    return "".join(out)


def from_pattern(rng, pattern, least=0):
    """A text that the pattern finds, more or less; repeats without an end are `least` long, or a little longer."""
    simple = re.sub(r"\\p\{(?:L|Lu|Ll|N|Nd|Letter|Number)[^}]*\}", "a", pattern)
    simple = re.sub(r"\(\?<?[=!][^()]*\)", "", simple).replace(r"\/", "/")
    simple = bounded(re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", simple), least)
    try:
        return rstr.Rstr(rng).xeger(simple)
    except Exception as error:  # the third-party parser refuses in many ways
        raise Impossible(f"pattern {pattern!r}: {error}") from error


def from_format(rng, name):
    """A text in a well-known format; None for a format that means nothing here."""
    number = rng.randrange(1, 10)
    table = {
        "date-time": f"2024-0{number}-1{number}T0{number}:30:00Z", "date": f"2024-0{number}-1{number}",
        "time": f"0{number}:30:00Z", "duration": f"P{number}DT2H", "email": f"user{number}+tag@example.com",
        "idn-email": f"user{number}@example.com", "uuid": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "hostname": f"host{number}.example.com", "idn-hostname": f"host{number}.example.com", "ipv4": f"10.0.0.{number}",
        "ipv6": f"2001:db8::{number}", "uri": f"https://example.com/a/{number}?b=c&d=e#f",
        "url": f"https://example.com/{number}", "iri": f"https://example.com/{number}", "uri-reference": f"/a/{number}?b=c",
        "iri-reference": f"/a/{number}", "uri-template": f"/a/{{id}}/{number}", "json-pointer": f"/a/{number}",
        "relative-json-pointer": f"{number}/a", "regex": f"^a{{{number}}}$",
        "byte": base64.b64encode(bytes(rng.randrange(256) for _ in range(7))).decode(),
    }
    table["binary"] = table["byte"]
    return table.get(name)


def text(rng, schema, place, tame=False):
    """A string for a string schema. Length and pattern are met; the format where it means something."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 10 ** 6)
    if "pattern" in schema:
        for _ in range(30):
            made = from_pattern(rng, schema["pattern"], shortest if shortest > 6 else 0)
            odd = re.search("[\r\u2028\u2029]", made)  # `.` means them in Python alone
            if not odd and fits(place, made) and shortest <= len(made) <= longest and searches(schema["pattern"], made):
                return made
        for made in TAME + NASTY:
            if fits(place, made) and shortest <= len(made) <= longest and searches(schema["pattern"], made):
                return made
        raise Impossible(f"pattern {schema['pattern']!r} with its bounds in {place}")
    if schema.get("contentEncoding") in ("base64", "base64url"):
        made = from_format(rng, "byte")
    else:
        made = from_format(rng, schema.get("format"))
    if made is not None and shortest <= len(made) <= longest and fits(place, made):
        return made
    pool = [t for t in (TAME if tame else TAME + NASTY * 2) if fits(place, t)]
    made = rng.choice(pool)
    while len(made) < shortest:
        made += rng.choice(["x", "7", "-"] if tame or place == "header" else ["x", "%", "ü", "&"])
    made = made[:longest]
    if not fits(place, made):
        made = ("x" * max(1, shortest))[:longest]
    if not fits(place, made):
        raise Impossible(f"length {shortest} to {longest} in {place}")
    return made
