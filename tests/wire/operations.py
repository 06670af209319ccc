"""Operations, parameters and bodies of a document of any version, as its specification reads (the judge's own reading)."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from document import Node, every_schema, items_of, property_of, types

METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]
COLLECTION = {"csv": None, "multi": ("form", True), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False),
              "tsv": ("tabDelimited", False)}


@dataclass
class Parameter:
    """A parameter, its style and explode at their defaults where not written."""

    name: str
    place: str
    required: bool
    style: str
    explode: bool
    schema: Node | None
    reserved: bool = False
    allow_empty: bool = False
    media: "Media | None" = None
    ignored: bool = False


@dataclass
class Rule:
    """How one property of a form or multipart body is written."""

    style: str | None = None
    explode: bool = False
    reserved: bool = False
    content: list = field(default_factory=list)
    schema: Node | None = None
    binary: bool = False
    json: bool = False
    swagger: bool = False


@dataclass
class Media:
    """One representation of a body."""

    name: str
    schema: Node | None
    encoding: dict
    fields: dict | None = None  # Swagger 2.0 formData
    version: str = "3"
    written: Node | None = None  # the schema before its reference is followed

    def rule(self, prop):
        """The rule of a property."""
        if self.fields is not None:
            node = self.fields.get(prop)
            if node is None:
                return Rule()
            style = COLLECTION.get(node.get("collectionFormat") or "csv") or ("form", False)
            return Rule(style=style[0], explode=style[1], schema=node, binary=node.get("type") == "file",
                        swagger=True)
        schema = property_of(self.schema, prop) if self.schema is not None else None
        rule = Rule(schema=schema, binary=is_binary(schema) or is_binary(items_of(schema) if schema else None))
        node = self.encoding.get(prop)
        if node is not None:
            if any(word in (node.value or {}) for word in ("style", "explode", "allowReserved")):
                rule.style = node.get("style") or "form"
                rule.explode = node.get("explode", rule.style == "form")
                rule.reserved = bool(node.get("allowReserved"))
            rule.content = [c.strip() for c in str(node.get("contentType") or "").split(",") if c.strip()]
        rule.json = bool(types(schema) & {"object"}) if schema is not None else False
        return rule


def is_binary(node):
    """Whether a schema means raw bytes in a multipart part."""
    for schema in every_schema(node):
        if schema.get("format") == "binary" or schema.get("type") == "file":
            return True
        if schema.get("contentMediaType") and not schema.get("contentEncoding"):
            return True
    return False


@dataclass
class Operation:
    """One method of one path."""

    method: str
    path: str
    parameters: list
    body: list  # of Media; empty without a body
    body_required: bool = False
    identifier: str | None = None
    bases: list = field(default_factory=list)  # paths of its own servers, where it has some
    keys: set = field(default_factory=set)  # (name in lower case, "header") of the document's API keys


def read(path):
    """Every operation of the document in a file."""
    root = Node.root(path)
    version = "2" if root.get("swagger") else "3"
    found, keys = [], _keys(root)
    for key, node in Node(root.file, root.get("paths")).items():
        if key.startswith("x-"):
            continue
        item = node.deref()
        if item is None or not isinstance(item.value, dict):
            continue
        if item.value is not node.value:  # siblings of a path item's $ref
            item = Node(item.file, {**item.value, **{k: v for k, v in node.value.items() if k != "$ref"}})
        methods = [(m.upper(), item.at(m)) for m in METHODS if m in item.value and (m != "query" or version == "3")]
        methods += [(m, n.deref()) for m, n in Node(item.file, item.get("additionalOperations")).items()]
        for method, operation in methods:
            if operation is not None and isinstance(operation.value, dict):
                found.append(_operation(root, version, key, method, item, operation))
                found[-1].keys = keys
    return found


def _keys(root):
    """The headers in which API keys travel: the caller's, and no arguments."""
    declared = root.get("securityDefinitions") or (root.get("components") or {}).get("securitySchemes") or {}
    schemes = [scheme.deref() for _, scheme in Node(root.file, declared).items()]
    return {(str(s.get("name")).lower(), "header") for s in schemes if s is not None and isinstance(s.value, dict)
            and s.get("type") == "apiKey" and s.get("in") == "header"}


def _operation(root, version, path, method, item, operation):
    merged = {}
    for node in (item, operation):
        for entry in Node(node.file, node.get("parameters")).elements():
            entry = entry.deref()
            if entry is None or not isinstance(entry.get("name"), str) or not isinstance(entry.get("in"), str):
                continue
            merged[(entry.get("name"), entry.get("in"))] = entry
    entries = list(merged.values())
    parameters = [_parameter(e, version) for e in entries if e.get("in") not in ("body", "formData")]
    if version == "2":
        consumes = operation.get("consumes") or root.get("consumes") or []
        body, required = _swagger_body(entries, consumes)
    else:
        body, required = _body(operation.at("requestBody"))
    servers = operation.get("servers") or item.get("servers") or []
    return Operation(method, path, parameters, body, required, operation.get("operationId"), [_base(s) for s in servers])


def _base(server):
    url = str(server.get("url", ""))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default")))
    return urlsplit(url).path.rstrip("/")


def _parameter(node, version):
    name, place = node.get("name"), node.get("in")
    default = {"query": "form", "cookie": "form"}.get(place, "simple")
    media = None
    if version == "2":
        style, explode = COLLECTION.get(node.get("collectionFormat") or "csv") or (default, False)
        schema = node
    else:
        style = node.get("style") or default
        explode = node.get("explode", style in ("form", "cookie"))
        schema = node.at("schema")
        content = Node(node.file, node.get("content")).items()
        if content:
            media = _media(*content[0])
    ignored = version != "2" and place == "header" and name.lower() in ("accept", "content-type", "authorization")
    return Parameter(name, place, place == "path" or bool(node.get("required")), style, bool(explode), schema,
                     bool(node.get("allowReserved")), bool(node.get("allowEmptyValue")), media, ignored)


def _media(name, node):
    node = node.deref() or Node(None, {})
    encoding = {k: n.deref() for k, n in Node(node.file, node.get("encoding")).items()}
    written = Node(node.file, node.value["schema"]) if "schema" in (node.value or {}) else None
    return Media(name, node.at("schema"), {k: n for k, n in encoding.items() if n is not None}, written=written)


def _body(node):
    if node is None:
        return [], False
    return [_media(k, n) for k, n in Node(node.file, node.get("content")).items()], bool(node.get("required"))


def _swagger_body(entries, consumes):
    for node in entries:
        if node.get("in") == "body":
            names = consumes or ["application/json"]
            return [Media(n, node.at("schema"), {}, version="2") for n in names], bool(node.get("required"))
    fields = {n.get("name"): n for n in entries if n.get("in") == "formData"}
    if not fields:
        return [], False
    forms = [c for c in consumes if c.split(";")[0].strip() in ("multipart/form-data", "application/x-www-form-urlencoded")]
    file = any(n.get("type") == "file" for n in fields.values())
    names = forms or ["multipart/form-data" if file else "application/x-www-form-urlencoded"]
    required = any(n.get("required") for n in fields.values())
    return [Media(n, None, {}, fields, "2") for n in names], required
