"""Request bodies against the value that was given, by media type. Answers None or what is wrong."""

import base64
import re

import xmlbody
from decode import Pairs, Text, content, deep_value, pairs_value, unquote
from document import every_schema, items_of, types
from operations import Parameter
from values import difference, dump, parse, scalar_is


def essence(media):
    """A media type without its parameters, in lower case."""
    return media.split(";")[0].strip().lower()


def matches(declared, sent):
    """Whether a sent media type is the declared one, or one that its wildcard covers."""
    declared, sent = essence(declared), essence(sent)
    if declared.endswith("/*+json"):  # no range of RFC 9110, but written
        return sent.startswith(declared.partition("*")[0]) and is_json(sent)
    return declared == sent or declared == "*/*" or (declared.endswith("/*") and sent.startswith(declared[:-1]))


def is_media_type(text):
    """Whether a text is a media type (RFC 9110 §8.3.1), its parameters not looked at."""
    token = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
    return text is None or re.fullmatch(rf"{token}/{token}[ \t]*(?:;[ -~]*)?", text) is not None


def is_json(media):
    """Whether a media type holds one JSON text."""
    kind = essence(media)
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def check(media, sent_type, value, raw):
    """A whole body. `media` is the declaration, `sent_type` the Content-Type header."""
    kind = essence(sent_type)
    try:
        if is_json(kind):
            return difference(value, parse(raw.decode("utf-8")))
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return form(media, value, raw.decode("ascii"))
        if kind.startswith("multipart/") and isinstance(value, (dict, list)):
            return multipart(media, sent_type, value, raw)
        if kind in ("application/xml", "text/xml") or kind.endswith("+xml"):
            if isinstance(value, str) and raw == value.encode():
                return None
            return xmlbody.check(media.schema, value, raw, media.written)
        if media.schema is not None and isinstance(value, str) and media.version != "2" and \
                encoding_of(media.schema, False) and raw != value.encode():
            return f"text that stands for bytes is sent as it is, and {value!r} became {raw[:80]!r}"
        return opaque(kind, value, raw, media.schema is not None and encoding_of(media.schema, False))
    except (ValueError, UnicodeError) as error:
        return f"the body does not decode: {error}"


def encoding_of(node, byte=True):
    """How a text carries bytes: `contentEncoding`, and in 3.0 `format: byte`; None for other texts."""
    for schema in every_schema(node):
        if schema.get("contentEncoding") not in (None, "identity"):
            return schema.get("contentEncoding")
        if byte and schema.get("format") == "byte":
            return "base64"
    return None


def opaque(kind, value, raw, encoded=False):
    """Text is the argument in UTF-8; other types are the bytes that the argument has in base64 (or the text itself,
    or JSON, where nothing says that the type is binary)."""
    if isinstance(value, str):
        if kind.startswith("text/") or encoded:
            return None if raw == value.encode() else f"text {value!r} became {raw[:80]!r}"
        if raw == _base64(value):
            return None
        if kind != "application/octet-stream" and raw == value.encode():
            return None
        return f"bytes {value!r} became {raw[:80]!r}"
    if isinstance(value, dict) and "data" in value and raw == _base64(value["data"]):
        return None
    text = raw.decode("utf-8")
    if isinstance(value, (dict, list)):
        lines = [line for line in text.split("\n") if line.strip()]
        if isinstance(value, list) and "json" in kind and kind != "application/json":
            return difference(value, [parse(line.lstrip("\x1e")) for line in lines])
        return difference(value, parse(text))
    return None if scalar_is(text, value) else f"{dump(value)} became {text!r}"


def _base64(text):
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return None


def form(media, value, raw):
    """application/x-www-form-urlencoded, by name."""
    pairs = Pairs(raw, Text("form"))
    for name, member in value.items():
        rule = media.rule(name)
        text = Text("form", rule.reserved)
        error = _form_member(name, member, rule, pairs, text)
        if error:
            return f"form field {name}: {error}"
    return f"undeclared form fields {pairs.left!r}" if pairs.left else None


def _form_member(name, member, rule, pairs, text):
    style = rule.style
    if style is None and isinstance(member, dict):
        style = "content"
    if style == "content" or (rule.content and style is None and is_json(rule.content[0])):
        taken = pairs.take(lambda key: key == name)
        if not taken and member in ([], None):
            return None
        decoded = [text.decode(v or "") for _, v in taken]
        if len(decoded) == 1 and _json_is(member, decoded[0]):
            return None
        if isinstance(member, list) and len(decoded) == len(member) and all(map(_json_is, member, decoded)):
            return None
        return f"arrived as {decoded!r}, not as JSON"
    parameter = Parameter(name, "query", False, style or "form", rule.explode if style else True, rule.schema,
                          rule.reserved, True)
    return pairs_value(parameter, pairs, member, text)


def _json_is(value, text):
    try:
        return difference(value, parse(text)) is None
    except ValueError:
        return False


class Part:
    """One part of a multipart body."""

    def __init__(self, raw):
        head, found, self.body = raw.partition(b"\r\n\r\n")
        if not found:
            raise ValueError("a part without an empty line after its headers")
        self.headers = {}
        for line in head.split(b"\r\n"):
            if line:
                name, colon, value = line.partition(b":")
                if not colon or name.strip() != name:
                    raise ValueError(f"part header line {line!r}")
                self.headers[name.decode("latin-1").lower()] = value.strip().decode("utf-8")
        disposition = self.headers.get("content-disposition", "")
        self.name = self._parameter(disposition, "name")
        self.filename = self._parameter(disposition, "filename")
        self.type = self.headers.get("content-type")

    @staticmethod
    def _parameter(text, name):
        starred = re.search(rf";\s*{name}\*=UTF-8''([^;]*)", text)
        if starred:
            return unquote(starred[1])
        found = re.search(rf';\s*{name}="([^"]*)"', text) or re.search(rf";\s*{name}=([^;\s\"]+)", text)
        if not found:
            return None
        return re.sub("%(22|0D|0A)", lambda m: chr(int(m[1], 16)), found[1])


def unescape(text):
    """Without backslashes, for those who read a disposition as MIME does; browsers leave them alone (RFC 7578 is silent)."""
    return text and re.sub(r"\\(.)", r"\1", text)


def parts_of(sent_type, raw):
    """The parts of a multipart body (RFC 2046 §5.1.1)."""
    found = re.search(r';\s*boundary="?([^";]+)"?', sent_type)
    if not found or len(found[1]) > 70:
        raise ValueError(f"no proper boundary in {sent_type!r}")
    mark = b"--" + found[1].encode()
    body, closed, rest = raw.partition(b"\r\n" + mark + b"--") if not raw.startswith(mark + b"--") else (b"", True, b"")
    if not closed or rest.strip():
        raise ValueError("the closing boundary is missing or not last")
    if not body:
        return []
    if not body.startswith(mark + b"\r\n"):
        raise ValueError("the body does not start with the boundary")
    return [Part(p) for p in body[len(mark) + 2:].split(b"\r\n" + mark + b"\r\n")]


def multipart(media, sent_type, value, raw):
    """multipart by name (RFC 7578), or by position for an array."""
    parts = parts_of(sent_type, raw)
    if isinstance(value, list):
        if len(parts) != len(value):
            return f"{len(value)} elements became {len(parts)} parts"
        return next((e for p, v in zip(parts, value) if (e := _part(p, v, media.rule("")))), None)
    if essence(sent_type) == "multipart/form-data":
        bad = [p.headers for p in parts if not p.headers.get("content-disposition", "").startswith("form-data")]
        if bad:
            return f"parts without form-data disposition: {bad!r}"
    for name, member in value.items():
        rule = media.rule(name)
        if isinstance(member, dict) and rule.style == "form" and rule.explode and not any(p.name == name for p in parts):
            spread = [p for p in parts if p.name in member]  # as in a query, each member under its own name
            if [p.name for p in spread] == list(member) and not any(map(content_text, spread, member.values())):
                parts = [p for p in parts if p not in spread]
                continue
        if isinstance(member, (dict, list)) and rule.style == "deepObject" and not any(p.name == name for p in parts):
            pairs = Pairs("", Text("plain"))
            pairs.left = [(p.name, p.body.decode("utf-8")) for p in parts if p.name.startswith(name + "[")]
            error = deep_value(name, pairs, member, Text("plain"))
            if error:
                return error
            parts = [p for p in parts if not p.name.startswith(name + "[")]
            continue
        mine = [p for p in parts if name in (p.name, unescape(p.name))]
        parts = [p for p in parts if p not in mine]
        error = _member(name, member, rule, mine)
        if error:
            return f"part {name}: {error}"
    return f"undeclared parts {[p.name for p in parts]!r}" if parts else None


def _member(name, member, rule, mine):
    if not mine and (member is None or (member == {} and rule.style)):
        return None
    if isinstance(member, list):
        if len(mine) == len(member):
            error = next((e for p, v in zip(mine, member) if (e := _part(p, v, rule))), None)
            if error is None:
                return None
        else:
            error = f"{len(member)} elements became {len(mine)} parts"
        if len(mine) == 1 and (_joined(mine[0], member, rule) or
                               (_part(mine[0], member, rule) is None and not rule.binary)):
            return None
        return error
    if len(mine) != 1:
        return f"{len(mine)} parts, not one"
    if isinstance(member, dict) and not is_file(member, rule) and _joined(mine[0], member, rule):
        return None
    return _part(mine[0], member, rule)


def _joined(part, member, rule):
    """An array or object in one part: only where the document says how it is joined (collectionFormat, or a style)."""
    if rule.style is None or rule.explode:
        return False
    if isinstance(member, dict):
        member = [x for pair in member.items() for x in pair]
    joiner = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}.get(rule.style, ",")
    texts = part.body.decode("utf-8").split(joiner)
    return joiner.join(texts) == joiner.join(v if isinstance(v, str) else dump(v) for v in member)


def is_file(member, rule):
    """Whether an argument is a file object: `data` in base64 and no schema that makes it an object of its own."""
    return isinstance(member, dict) and "data" in member and set(member) <= {"data", "filename", "content_type"} \
        and ("object" not in types(rule.schema) or (rule.content and not any(s.get("properties") for s in every_schema(rule.schema))))


def _part(part, member, rule):
    sent = part.type or "text/plain"
    if is_file(member, rule):
        if part.body != _base64(member["data"]):
            return f"file {member['data']!r} became {part.body[:60]!r}"
        if member.get("filename") is not None and member["filename"] not in (part.filename, unescape(part.filename)):
            return f"file name {member['filename']!r} became {part.filename!r}"
        if not is_media_type(member.get("content_type")):
            return f"content type {member['content_type']!r} is no media type, and went out as {part.type!r}"
        if member.get("content_type") and essence(sent) != essence(member["content_type"]):
            return f"content type {member['content_type']!r} became {part.type!r}"
        if not member.get("content_type") and rule.content and not any(matches(c, sent) for c in rule.content):
            return f"content type {part.type!r} is not one of {rule.content!r}"
        return None
    if rule.content and rule.style is None and not any(matches(c, sent) for c in rule.content):
        return f"content type {part.type!r} is not one of {rule.content!r}"
    coded = encoding_of(rule.schema) or encoding_of(items_of(rule.schema) if rule.schema else None)
    if coded and not rule.swagger and rule.style is None and not rule.content and isinstance(member, str):
        if essence(sent) != "application/octet-stream":
            return f"text that stands for bytes has the type {part.type!r}"
        if coded == "base64" and part.headers.get("content-transfer-encoding") not in (None, "base64"):
            return f"transfer encoding {part.headers['content-transfer-encoding']!r}"
        return content_text(part, member)
    if is_json(sent):
        return difference(member, parse(part.body.decode("utf-8")))
    if isinstance(member, (dict, list)):
        if essence(sent).endswith("xml"):
            return xmlbody.check(items_of(rule.schema) or rule.schema, member, part.body)
        return f"a nested value in a part of type {part.type!r}"
    if rule.binary and isinstance(member, str) and part.body == _base64(member):
        return None
    return content_text(part, member)


def content_text(part, member):
    """A primitive as text."""
    text = part.body.decode("utf-8")
    return None if scalar_is(text, member) else f"{dump(member)} became {text!r}"


__all__ = ["check", "content", "essence", "form", "is_json", "matches", "multipart", "parts_of"]
