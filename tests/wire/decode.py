"""Raw wire text of a parameter against the value that was given: the style table of OpenAPI 3.2 over RFC 6570.

Every function answers None, or a sentence that says what is wrong. Text is split on raw delimiters first and
percent-decoded afterwards. What the specification leaves open is decided by the rules named in README.md.
"""

import re

from values import difference, parse, scalar_is, without_nulls

UNRESERVED = r"[A-Za-z0-9._~-]|%[0-9A-F]{2}"
RESERVED = r"[A-Za-z0-9._~:/?@!$'()*,;=\[\]-]|%[0-9A-Fa-f]{2}"  # not &, # and +, which mean something in a query
DELIMITERS = {"spaceDelimited": ("%20", "%20"), "pipeDelimited": (r"\||%7C", "%7C"), "tabDelimited": ("%09", "%09")}


def unquote(raw, plus=False):
    """Percent-decoding, strict: a bare `%` or bytes that are not UTF-8 are errors."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", raw):
        raise ValueError(f"a bare % in {raw!r}")
    raw = raw.replace("+", " ") if plus else raw
    data = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), raw.encode("latin-1"))
    return data.decode("utf-8")


class Text:
    """How atoms are written in one place: percent-encoded (strictly or reserved), form-urlencoded, or as they are."""

    def __init__(self, mode, reserved=False):
        self.mode, self.reserved = mode, reserved

    def decode(self, raw):
        """The text that a raw atom stands for."""
        if self.mode == "plain":
            return raw
        if self.mode == "form":
            if re.fullmatch(r"(?:[A-Za-z0-9*._~+-]|%[0-9A-F]{2})*" if not self.reserved else rf"(?:\+|{RESERVED})*", raw) is None:
                raise ValueError(f"{raw!r} is not form-urlencoded")
            return unquote(raw, plus=True)
        if re.fullmatch(f"(?:{RESERVED if self.reserved else UNRESERVED})*", raw) is None:
            raise ValueError(f"{raw!r} holds characters that have to be percent-encoded")
        return unquote(raw)

    def means(self, raw, value):
        """Whether a raw atom means a value. With allowReserved, a triple in the value may pass through."""
        text = self.decode(raw)
        if scalar_is(text, value):
            return True
        if self.reserved and isinstance(value, str):
            try:
                return text == unquote(value) or text == re.sub(
                    "%[0-9A-Fa-f]{2}", lambda m: unquote(m[0]), value)
            except (ValueError, UnicodeError):
                return False
        return False


def align(pieces, wanted, sep, means):
    """Whether pieces mean the wanted atoms in order; with `sep` an atom may hold the delimiter itself."""
    if not wanted:
        return not pieces
    longest = len(pieces) - len(wanted) + 1 if sep else min(1, len(pieces))
    for size in range(1, longest + 1):
        if means((sep or "").join(pieces[:size]), wanted[0]) and align(pieces[size:], wanted[1:], sep, means):
            return True
    return False


def _pair_means(text):
    def means(raw, pair):
        key, _, value = raw.partition("=")
        if text.mode == "plain":  # `=` may stand in the key as it is
            return any(raw[:i] == pair[0] and text.means(raw[i + 1:], pair[1])
                       for i, c in enumerate(raw) if c == "=")
        return text.decode(key) == pair[0] and text.means(value, pair[1])
    return means


def delimited(raw, value, text, pattern=",", joiner=None, pairs=False):
    """A whole array or object in one piece of text. `joiner`: the delimiter where values may hold it unescaped."""
    pieces = re.split(pattern, raw)
    for variant in without_nulls(value):
        if not variant:
            if raw == "":
                return None
            continue
        if isinstance(variant, dict):
            wanted = list(variant.items()) if pairs else [x for pair in variant.items() for x in pair]
        else:
            wanted = variant
        if align(pieces, wanted, joiner, _pair_means(text) if pairs and isinstance(variant, dict) else text.means):
            return None
    return f"{raw!r} does not mean the value"


def path_value(parameter, raw, value):
    """A path parameter: simple, label or matrix."""
    text = Text("uri", parameter.reserved)
    raw = raw.replace("+", "%2B").replace("&", "%26") if parameter.reserved else raw  # they mean nothing in a path
    if parameter.media is not None:
        return content(parameter.media, text.decode(raw), value)
    many, explode = isinstance(value, (list, dict)), parameter.explode
    if parameter.style == "label":
        if not raw.startswith("."):
            return f"{raw!r} does not start with a dot"
        raw = raw[1:]
        if not many:
            return None if text.means(raw, value) else f"{raw!r} does not mean the value"
        return delimited(raw, value, text, r"\." if explode else ",", "." if explode else None, explode)
    if parameter.style == "matrix":
        return _matrix(parameter, raw, value, text, many, explode)
    if not many:
        return None if text.means(raw, value) else f"{raw!r} does not mean the value"
    pattern, joiner = DELIMITERS.get(parameter.style, (",", None))
    return delimited(raw, value, text, pattern, joiner, explode)


def _matrix(parameter, raw, value, text, many, explode):
    if many and not value and raw == "":
        return None
    if not raw.startswith(";"):
        return f"{raw!r} does not start with a semicolon"
    pairs = [(text.decode(k), v) for k, _, v in (p.partition("=") for p in raw[1:].split(";"))]
    if isinstance(value, dict) and explode:
        for variant in without_nulls(value):
            if [k for k, _ in pairs] == list(variant) and all(text.means(v, variant[k]) for k, v in pairs):
                return None
        return f"{raw!r} does not mean the value"
    if any(k != parameter.name for k, _ in pairs):
        return f"{raw!r} has other names than {parameter.name}"
    if isinstance(value, list) and explode:
        return None if any(align([v for _, v in pairs], w, None, text.means) for w in without_nulls(value)) \
            else f"{raw!r} does not mean the value"
    if len(pairs) != 1:
        return f"{raw!r} has several pairs"
    if many:
        return delimited(pairs[0][1], value, text)
    return None if text.means(pairs[0][1], value) else f"{raw!r} does not mean the value"


def content(media, text, value):
    """A value in the media type of `content`."""
    kind = media.name.split(";")[0].strip().lower()
    if "/" not in kind and isinstance(value, str) and text == value:
        return None  # no media type at all
    if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
        pairs = Pairs(text, Text("form"))
        error = _exploded(pairs, value, Text("form"))
        return error or (f"undeclared form fields {pairs.left!r}" if pairs.left else None)
    if kind.endswith("json") or kind == "*/*" or "/" not in kind:
        try:
            return difference(value, parse(text))
        except ValueError as error:
            return f"{text!r} is not JSON: {error}"
    if isinstance(value, str):
        return None if text == value else f"{text!r} is not the value"
    return None if scalar_is(text, value) else f"{text!r} does not mean the value"


def header_value(parameter, raw, value):
    """A header parameter: simple, never percent-encoded."""
    text = Text("plain")
    if parameter.media is not None:
        return content(parameter.media, raw, value)
    if isinstance(value, (list, dict)):
        sep = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}.get(parameter.style, ",")
        return delimited(raw, value, text, re.escape(sep), sep, parameter.explode)
    return None if text.means(raw, value) else f"{raw!r} does not mean the value"


class Pairs:
    """The pairs of a query, form or cookie, consumed as parameters claim them."""

    def __init__(self, raw, text, separator="&"):
        self.raw, self.text, self.left = raw, text, []
        for piece in raw.split(separator) if raw else []:
            key, equals, value = piece.partition("=")
            name = text.decode(key.replace("[", "%5B").replace("]", "%5D"))  # brackets either way
            self.left.append((name, value if equals else None))

    def take(self, wanted):
        """Removes and answers the pairs whose name passes."""
        taken = [p for p in self.left if wanted(p[0])]
        self.left = [p for p in self.left if not wanted(p[0])]
        return taken

    def first(self, name):
        """Removes and answers the first pair of a name, as a list."""
        found = [p for p in self.left if p[0] == name][:1]
        for pair in found:
            self.left.remove(pair)
        return found


def pairs_value(parameter, pairs, value, text):
    """A parameter of a query, a form or a cookie: form, the delimited styles, deepObject, cookie, or `content`."""
    name, style = parameter.name, parameter.style
    deep = style == "deepObject" and isinstance(value, (list, dict))
    if parameter.media is None and (deep or (isinstance(value, dict) and parameter.explode)):
        return deep_value(name, pairs, value, text) if deep else _exploded(pairs, value, text)
    taken = pairs.take(lambda key: key == name)
    if value is None and not taken:
        return None
    if any(v is None for _, v in taken) and not parameter.allow_empty:
        return f"{name} has no `=`"
    raws = [v or "" for _, v in taken]
    if parameter.media is not None:
        return _one(name, raws) or content(parameter.media, text.decode(raws[0]), value)
    if not isinstance(value, (list, dict)):
        return _one(name, raws) or (None if text.means(raws[0], value) else f"{name}={raws[0]!r} does not mean the value")
    if not value and raws in ([], [""]):
        return None
    if isinstance(value, list) and (parameter.explode or not raws):
        same = any(align(raws, w, None, text.means) for w in without_nulls(value))
        return None if same else f"{name} arrived as {raws!r}"
    if len(raws) != 1:
        return f"{name} occurs {len(raws)} times, not once"
    pattern, joiner = DELIMITERS.get(style, (",", None))
    if text.mode == "plain":
        joiner = ","
    if text.mode == "form":
        pattern, joiner = (r"\+|%20", "%20") if style == "spaceDelimited" else (pattern, joiner)
        pattern, joiner = (",|%2C", "%2C") if joiner is None else (pattern, joiner)
    return delimited(raws[0], value, text, pattern, joiner if joiner or not text.reserved else ",")


def _one(name, raws):
    return None if len(raws) == 1 else f"{name} occurs {len(raws)} times, not once"


def _exploded(pairs, value, text):
    """Each member under its own name. A nested value is undefined: JSON, repeated names, commas or brackets."""
    for key, member in value.items():
        if isinstance(member, (list, dict)):
            error = _nested(key, pairs, member, text)
        else:
            taken = pairs.first(key)  # another exploded object may have the same member
            error = None if member is None and not taken else _one(key, taken)
            if error is None and taken and not text.means(taken[0][1] or "", member):
                error = f"{key}={taken[0][1]!r} does not mean the value"
        if error:
            return error
    return None


def _nested(key, pairs, member, text):
    taken = pairs.take(lambda name: name == key or name.startswith(key + "["))
    if not member and not taken:
        return None
    raws = [v or "" for _, v in taken]
    if all(name == key for name, _ in taken):
        if len(raws) == 1 and (text.means(raws[0], member) or delimited(raws[0], member, text) is None):
            return None
        if isinstance(member, list) and any(align(raws, w, None, text.means) for w in without_nulls(member)):
            return None
    pairs.left = taken + pairs.left
    return deep_value(key, pairs, member, text)


def _flat(name, value, arrays):
    if isinstance(value, dict):
        return [x for k, v in value.items() for x in _flat(f"{name}[{k}]", v, arrays)]
    if isinstance(value, list) and arrays != "json":
        label = {"repeat": lambda i: name, "empty": lambda i: name + "[]", "index": lambda i: f"{name}[{i}]"}[arrays]
        return [x for i, v in enumerate(value) for x in _flat(label(i), v, arrays)]
    return [(name, value)]


def deep_value(name, pairs, value, text):
    """deepObject; nested levels in more brackets, arrays in it by one of the usual spellings."""
    taken = pairs.take(lambda key: key == name or key.startswith(name + "["))
    for arrays in ("repeat", "empty", "index", "json"):
        wanted = _flat(name, value, arrays)
        for variant in ([w for w in wanted if w[1] is not None], wanted):
            if [k for k, _ in taken] == [k for k, _ in variant] and all(
                    text.means(raw or "", w) for (_, raw), (_, w) in zip(taken, variant)):
                return None
    return f"{name} arrived as {taken!r}"
