"""How the stand-in gateway encodes: by the book, or with one flaw on purpose."""

import base64
import json
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import bodies
import operations
from document import Node, items_of
from values import Num, dump
from xmlbody import Hints, component_name


class Refused(Exception):
    """Nothing is sent."""


def schema_of(node):
    """An inline JSON Schema of a schema in a document."""
    node = node.deref()
    out = {}
    for key, value in node.value.items():
        child = Node(node.file, value)
        if key == "properties":
            out[key] = {k: schema_of(n) for k, n in child.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            out[key] = schema_of(child)
        elif key in ("type", "enum", "const", "format", "default", "additionalProperties", "contentMediaType") or \
                (key == "required" and isinstance(value, list)):
            out[key] = value
    if out.get("nullable") or node.get("nullable"):
        out["type"] = [out["type"], "null"]
    return {k: v for k, v in out.items() if (k, v) != ("type", "file")}


def text(value):
    """A scalar as text."""
    if isinstance(value, (dict, list, Num)) or value is None or isinstance(value, bool):
        return dump(value)
    return value


class Encoder:
    """The style table. `flaw` names what to get wrong."""

    def __init__(self, flaw=None):
        self.flaw = flaw

    def percent(self, value, reserved=False):
        """A scalar, percent-encoded."""
        raw = text(value)
        if self.flaw == "python booleans" and isinstance(value, bool):
            raw = str(value)
        if self.flaw == "float numbers" and isinstance(value, Num):
            raw = repr(float(value.text)).removesuffix(".0")
        safe = "~" + ("/:?@!$'()*,;=[]" if reserved else "/" if self.flaw == "raw slash" else "")
        return quote(raw, safe=safe).replace("%20", "+" if self.flaw == "plus for space" else "%20")

    def flat(self, value):
        """Members as a list of key, value, key, value; elements as they are."""
        return [x for pair in value.items() for x in pair] if isinstance(value, dict) else value

    def joined(self, value, sep, atom, explode=False):
        """One piece of text."""
        if not isinstance(value, (dict, list)):
            return atom(value)
        if self.flaw == "host notation":
            return atom(str(value))
        if explode and isinstance(value, dict):
            return sep.join(f"{atom(k)}={atom(v)}" for k, v in value.items())
        return sep.join(atom(v) for v in self.flat(value))

    def path(self, p, value):
        """A path parameter."""
        def atom(v):
            return self.percent(v, p.reserved).replace("/", "%2F").replace("?", "%3F") if p.reserved else self.percent(v)
        many = isinstance(value, (dict, list))
        if p.media:
            return self.percent(dump(value))
        if p.style == "label":
            return "." + self.joined(value, "." if p.explode else ",", atom, p.explode)
        if p.style == "matrix":
            if many and p.explode:
                pairs = value.items() if isinstance(value, dict) else [(p.name, v) for v in value]
                return "".join(f";{atom(k)}={atom(v)}" for k, v in pairs)
            return f";{p.name}" + ("" if value == "" else "=" + self.joined(value, ",", atom))
        return self.joined(value, "%7C" if p.style == "pipeDelimited" else ",", atom, p.explode)

    def pairs(self, p, value, atom):
        """A query, form or cookie parameter as pairs."""
        if value is None or (not p.media and value in ([], {})) or (self.flaw == "drop falsy" and value in (False, "")):
            return []
        name = atom(p.name)
        if p.media:
            return [(name, atom(dump(value)))]
        if p.style == "deepObject" and isinstance(value, dict):
            return [(atom(k), atom(v)) for k, v in self.deep(p.name, value)]
        if isinstance(value, dict) and p.explode:
            return [(atom(k), atom(v)) for k, v in value.items()]
        if isinstance(value, list) and p.explode:
            return [(name, atom(v)) for v in (value[::-1] if self.flaw == "reversed" else value)]
        sep = {"spaceDelimited": "%20", "pipeDelimited": "%7C", "tabDelimited": "%09"}.get(p.style, ",")
        return [(name, self.joined(value, sep, atom))]

    def deep(self, name, value):
        """deepObject."""
        for key, member in value.items():
            if isinstance(member, dict):
                yield from self.deep(f"{name}[{key}]", member)
            else:
                yield f"{name}[{key}]", member

    def form(self, media, value):
        """A form body."""
        pairs = []
        for name, member in value.items():
            rule = media.rule(name)
            style = rule.style or "form"
            is_json = rule.style is None and (isinstance(member, dict) or (rule.content and bodies.is_json(rule.content[0])))
            p = operations.Parameter(name, "query", False, style, rule.explode if rule.style else True, None)
            if is_json:
                member = [dump(m) for m in member] if isinstance(member, list) else dump(member)
            pairs += self.pairs(p, member, lambda v: quote(text(v), safe=" ").replace(" ", "+"))
        return "&".join(f"{k}={v}" for k, v in pairs)

    def multipart(self, media, value, boundary):
        """A multipart body."""
        out = b""
        for name, member in value.items():
            rule = media.rule(name)
            joined = isinstance(member, list) and rule.style and not rule.explode
            for part in ([",".join(map(text, member))] if joined else member if isinstance(member, list) else [member]):
                head = f'Content-Disposition: form-data; name="{name}"'
                kind = "application/json" if isinstance(part, (dict, list)) else rule.content[0] if rule.content else None
                if bodies.is_file(part, rule):
                    body = base64.b64decode(part["data"])
                    if part.get("filename") is not None:
                        head += '; filename="%s"' % part["filename"].replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
                    kind = part.get("content_type") or (rule.content or ["application/octet-stream"])[0]
                else:
                    body = text(part).encode()
                head += f"\r\nContent-Type: {kind}" if kind else ""
                out += f"--{boundary}\r\n{head}\r\n\r\n".encode() + body + b"\r\n"
        return out + f"--{boundary}--\r\n".encode()

    def xml(self, schema, value, name):
        """An XML element."""
        hints = Hints(schema)
        tag = hints.name or name
        space = ""
        if hints.namespace:
            space = f" xmlns:{hints.prefix or 'n'}={quoteattr(hints.namespace)}"
            tag = f"{hints.prefix or 'n'}:{tag}"
        if not isinstance(value, dict):
            return f"<{tag}{space}>{self.escaped('' if value is None else text(value))}</{tag}>"
        attributes, inner = "", ""
        for key, member in value.items():
            node = operations.property_of(schema, key)
            mine = Hints(node)
            if mine.attribute and self.flaw != "no attributes":
                attributes += f" {mine.name or key}={quoteattr(text(member), {chr(13): '&#13;', chr(10): '&#10;', chr(9): '&#9;'})}"
            elif mine.text:
                inner += self.escaped(text(member))
            elif isinstance(member, list):
                listed = "".join(self.xml(items_of(node), m, mine.name or key if mine.wrapped else key) for m in member)
                wrapped = mine.wrapped or mine.node_type == "element"
                inner += f"<{mine.name or key}>{listed}</{mine.name or key}>" if wrapped else listed
            else:
                inner += self.xml(node, member, key)
        return f"<{tag}{space}{attributes}>{inner}</{tag}>"

    def escaped(self, value):
        """XML text."""
        return escape(value).replace("\r", "&#13;")

    def body(self, media, value):
        """(content type, bytes)."""
        kind = bodies.essence(media.name)
        if self.flaw == "json for all":
            return "application/json", dump(value).encode()
        if bodies.is_json(kind):
            return media.name, (json.dumps(json.loads(dump(value))) if self.flaw == "number text" else dump(value)).encode()
        if kind == "application/x-www-form-urlencoded":
            return kind, self.form(media, value).encode()
        if kind.startswith("multipart/"):
            return f"{kind}; boundary=XbX", self.multipart(media, value, "XbX")
        if kind.endswith("xml"):
            return kind, self.xml(media.schema, value, component_name(media.written) or "root").encode()
        try:
            return kind, value.encode() if kind.startswith("text/") else base64.b64decode(value, validate=True)
        except ValueError as error:
            raise Refused("not base64") from error
