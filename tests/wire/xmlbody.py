"""XML bodies by the XML Object (OpenAPI 3.2; `attribute` and `wrapped` of earlier versions): element tree against value."""

import re
import xml.etree.ElementTree as tree

from document import Node, every_schema, items_of, property_of, types
from values import dump, scalar_is

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class Hints:
    """The XML Object of a schema, its defaults put in."""

    def __init__(self, schema):
        self.name = self.namespace = self.prefix = None
        node_type = None
        self.attribute = self.wrapped = False
        for node in every_schema(schema):
            xml = node.get("xml") or {}
            self.name = self.name or xml.get("name")
            self.namespace = self.namespace or xml.get("namespace")
            self.prefix = self.prefix or xml.get("prefix")
            self.attribute = self.attribute or bool(xml.get("attribute")) or xml.get("nodeType") == "attribute"
            self.wrapped = self.wrapped or bool(xml.get("wrapped"))
            node_type = node_type or xml.get("nodeType")
        self.node_type = node_type
        self.text = node_type in ("text", "cdata")

    def tag(self, inferred):
        """The expanded name, in ElementTree's spelling."""
        name = self.name or inferred
        return f"{{{self.namespace}}}{name}" if self.namespace else name


def local(tag):
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def same(tag, want):
    """Whether a tag is the wanted one; a wanted one without namespace is compared by its local name alone, since a
    default namespace of a parent covers it."""
    return tag == want or ("}" not in want and local(tag) == want)


def nameable(value):
    """Whether every member name in a value can be the name of an element, and every text can stand in XML."""
    if isinstance(value, dict):
        return all(re.fullmatch(r"[^\W\d][\w.-]*", k) and nameable(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(nameable, value))
    return not isinstance(value, str) or re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", value) is None


def component_name(schema):
    """The name that a reference to a component gives, if the schema is one."""
    value = schema.value if schema is not None else None
    ref = value.get("$ref") if isinstance(value, dict) else None
    return ref.rpartition("/")[2] if isinstance(ref, str) else None


def check(schema, value, raw, written=None):
    """A whole XML document. Without any name for the root, any root is taken."""
    try:
        root = tree.fromstring(raw)
    except tree.ParseError as error:
        return f"not well-formed XML: {error} in {raw[:80]!r}"
    hints = Hints(schema)
    own = (written.value.get("xml") or {}) if written is not None and isinstance(written.value, dict) else {}
    name = own.get("name") or hints.name or component_name(written)
    if name and not same(root.tag, hints.tag(name)):
        return f"the root is {root.tag}, not {hints.tag(name)}"
    if isinstance(value, list):
        return _list(root, schema, value, hints.name or name)
    return _element(root, schema, value)


def _list(element, schema, value, inferred):
    """A list inside an element of its own; `prefixItems` have hints of their own and may be text."""
    first = [n for s in every_schema(schema) for n in Node(s.file, s.get("prefixItems")).elements()]
    if not first:
        return _items(list(element), value, items_of(schema), inferred)
    children, text = list(element), element.text or ""
    for position, member in enumerate(value):
        node = first[position] if position < len(first) else items_of(schema)
        if Hints(node).text:
            written = member if isinstance(member, str) else dump(member)
            if not text.startswith(written):
                return f"the text {written!r} is not at its place in {text!r}"
            text = text[len(written):]
            continue
        if text.strip() or not children:
            return f"{text!r} where the element of item {position} should be"
        child = children.pop(0)
        error = _items([child], [member], node, inferred)
        if error:
            return error
        text = child.tail or ""
    return f"more than the items: {text!r} {[c.tag for c in children]}" if text.strip() or children else None


def _items(elements, value, items, inferred):
    if len(elements) != len(value):
        return f"{len(value)} elements became {len(elements)}"
    want = Hints(items).tag(inferred) if (Hints(items).name or inferred) else None
    for element, member in zip(elements, value):
        if want and not same(element.tag, want):
            return f"an item is <{element.tag}>, not <{want}>"
        error = _element(element, items, member)
        if error:
            return error
    return None


def _element(element, schema, value):
    if value is None:
        empty = not (element.text or "").strip() and not len(element)
        return None if empty else f"<{element.tag}> should be empty for null"
    if not isinstance(value, (dict, list)):
        if len(element):
            return f"<{element.tag}> has children"
        return None if scalar_is(element.text or "", value) else f"<{element.tag}>: {dump(value)} became {element.text!r}"
    if isinstance(value, list):
        return _list(element, schema, value, None)
    return _object(element, schema, value)


def _members(schema, value):
    """The members with their schemas; those of an object without an element stand in for it."""
    for name, member in value.items():
        node = property_of(schema, name)
        if Hints(node).node_type == "none" and "object" in types(node) and (member is None or isinstance(member, dict)):
            yield from _members(node, member or {})
        else:
            yield name, node, member


def _object(element, schema, value):
    children, attributes = list(element), dict(element.attrib)
    attributes.pop(XSI_NIL, None)
    for name, node, member in _members(schema, value):
        hints = Hints(node)
        if hints.attribute:
            key = next((k for k in attributes if same(k, hints.tag(name))), None)
            if key is None and member is not None:
                return f"attribute {hints.tag(name)} of <{element.tag}> is missing"
            if key is not None and not scalar_is(attributes.pop(key), member):
                return f"attribute {name} does not mean {dump(member)}"
            continue
        if hints.text:
            if not scalar_is((element.text or ""), member):
                return f"text of <{element.tag}>: {dump(member)} became {element.text!r}"
            continue
        error, children = _member(children, node, hints, name, member)
        if error:
            return f"<{element.tag}>: {error}"
    if children or attributes:
        return f"<{element.tag}> has undeclared {[c.tag for c in children] + list(attributes)}"
    return None


def _member(children, node, hints, name, member):
    listed = isinstance(member, list)
    wrapped = listed and (hints.wrapped or hints.node_type == "element")
    if listed and not wrapped:
        items = items_of(node)
        want = Hints(items).tag(name)
        mine = [c for c in children if same(c.tag, want)]
        rest = [c for c in children if not same(c.tag, want)]
        if "array" not in types(node) and not Hints(items).name:
            mine, rest = [c for c in children if local(c.tag) == name], [c for c in children if local(c.tag) != name]
        return _items(mine, member, items, local(want)), rest
    mine = [c for c in children if same(c.tag, hints.tag(name))]
    rest = [c for c in children if not same(c.tag, hints.tag(name))]
    if not mine and (member is None or member in ([], {})):
        return None, rest
    if len(mine) != 1:
        return f"{hints.tag(name)} occurs {len(mine)} times, not once", rest
    if wrapped:
        return _list(mine[0], node, member, hints.name or name), rest
    return _element(mine[0], node, member), rest
