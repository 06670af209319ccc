"""Reads OpenAPI documents for the judge: JSON, YAML by the 1.2 core schema, references over several files.

Shares nothing with the compiler. A Node is a place in a document; `deref` follows references.
"""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import yaml


class CoreLoader(yaml.CSafeLoader):
    """YAML 1.2 core schema: `yes` and dates are strings, keys are the text of their scalar."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        """Keys as written; merge keys honoured; the last of two equal keys wins."""
        self.flatten_mapping(node)
        result = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else str(self.construct_object(key, deep=True))
            result[name] = self.construct_object(value, deep=deep)
        return result


def _resolver(tag, pattern, first):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


_resolver("null", r"~|null|Null|NULL|", ["~", "n", "N", ""])
_resolver("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF"))
_resolver("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789"))
_resolver("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789"))
_resolver("merge", r"<<", ["<"])


def _integer(loader, node):
    text = loader.construct_scalar(node).replace("+", "")
    return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)


CoreLoader.add_constructor("tag:yaml.org,2002:int", _integer)
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda l, n: float(l.construct_scalar(n)))
CoreLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda l, n: l.construct_scalar(n))

_files = {}


def load(path):
    """The tree of a file, read once. None when there is no such file or it cannot be read."""
    path = Path(path).resolve()
    if path not in _files:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError:
            _files[path] = None
            return None
        try:
            _files[path] = json.loads(text)
        except ValueError:
            _files[path] = yaml.load(text, CoreLoader)
    return _files[path]


class Node:
    """A value and the file it stands in."""

    __slots__ = ("file", "value")

    def __init__(self, file, value):
        self.file, self.value = file, value

    @staticmethod
    def root(path):
        """The root of the document in a file."""
        path = Path(path).resolve()
        return Node(path, load(path))

    def get(self, key, default=None):
        """A member as a plain value."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default

    def at(self, key):
        """A member as a node, references followed; None when absent."""
        if isinstance(self.value, dict) and key in self.value:
            return Node(self.file, self.value[key]).deref()
        return None

    def items(self):
        """Members as nodes, references not followed."""
        return [(k, Node(self.file, v)) for k, v in self.value.items()] if isinstance(self.value, dict) else []

    def elements(self):
        """Elements as nodes, references not followed."""
        return [Node(self.file, v) for v in self.value] if isinstance(self.value, list) else []

    def deref(self):
        """Follows `$ref` to its end; None when it leads nowhere or in a circle."""
        node, seen = self, set()
        while node is not None and isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
            key = (node.file, node.value["$ref"])
            if key in seen:
                return None
            seen.add(key)
            node = node._follow(node.value["$ref"])
        return node

    def _follow(self, ref):
        target, _, fragment = ref.partition("#")
        if re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]+:", target):
            return None
        file = (self.file.parent / unquote(target)).resolve() if target else self.file
        tree = load(file)
        if fragment and not fragment.startswith("/"):
            found = _anchor(tree, unquote(fragment))
            return Node(file, found) if found is not None else None
        for step in unquote(fragment).split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(tree, dict) and step in tree:
                tree = tree[step]
            elif isinstance(tree, list) and step.isdigit() and int(step) < len(tree):
                tree = tree[int(step)]
            else:
                return None
        return Node(file, tree)


def _anchor(tree, name):
    stack = [tree]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            if name in (here.get("$anchor"), here.get("$dynamicAnchor")):
                return here
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)
    return None


def every_schema(node, seen=None):
    """The schema and all that certainly apply beside it: references and `allOf` followed (OpenAPI 3.2, Non-JSON Data)."""
    seen = set() if seen is None else seen
    node = node.deref() if node is not None else None
    if node is None or id(node.value) in seen:
        return
    seen.add(id(node.value))
    yield node
    for part in Node(node.file, node.get("allOf")).elements():
        yield from every_schema(part, seen)


def types(node):
    """The types that a schema names, over references, `allOf` and the branches of `anyOf`/`oneOf`; empty for any."""
    found = set()
    for schema in every_schema(node):
        kind = schema.get("type")
        if isinstance(kind, str):
            found.add(kind)
        elif isinstance(kind, list):
            found.update(k for k in kind if isinstance(k, str))
        elif schema.get("properties"):
            found.add("object")
        else:
            for word in ("anyOf", "oneOf"):
                for part in Node(schema.file, schema.get(word)).elements():
                    found |= types(part)
    return found


def property_of(node, name):
    """The schema of a property, searched over references and `allOf`; None when undeclared."""
    for schema in every_schema(node):
        members = schema.get("properties")
        if isinstance(members, dict) and name in members:
            return Node(schema.file, members[name])
    for schema in every_schema(node):
        for word in ("anyOf", "oneOf"):
            for part in Node(schema.file, schema.get(word)).elements():
                found = property_of(part, name)
                if found is not None:
                    return found
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict):
            return Node(schema.file, extra)
    return None


def items_of(node):
    """The schema of array items; None when undeclared."""
    for schema in every_schema(node):
        if isinstance(schema.get("items"), dict):
            return Node(schema.file, schema.get("items"))
    return None
