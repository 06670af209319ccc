"""Checks the literal wire forms of specs/expected.yaml."""

import yaml

import values
from workspace import HERE


def entries(label):
    """The entries of one of our own specs."""
    return [e for e in yaml.safe_load((HERE / "specs" / "expected.yaml").read_text()) if e["spec"] == label]


def check(entry, prefix, seen, is_error, text):
    """Every difference from the table as a sentence. Header names compare without case; a body is text, with
    `BOUNDARY` in the place of the boundary that was sent."""
    if entry.get("refused"):
        if seen:
            return [f"not refused: {seen[0].method} {seen[0].target}"]
        return [] if is_error else ["no request, and no error either"]
    if len(seen) != 1:
        return [f"{len(seen)} requests arrived: {text[:300]}"]
    request, found = seen[0], []
    if "target" in entry and request.target != prefix + entry["target"]:
        found.append(f"target {request.target.removeprefix(prefix)}, not {entry['target']}")
    for name, value in entry.get("headers", {}).items():
        got = request.all(name)
        boundary = _boundary(request)
        if value is None and got:
            found.append(f"header {name}: {got}, not absent")
        elif value is not None and [g.replace(boundary, "BOUNDARY") if boundary else g for g in got] != [value]:
            found.append(f"header {name}: {got}, not {value!r}")
    if "body" in entry:
        body, boundary = request.body.decode("utf-8", "replace"), _boundary(request)
        body = body.replace(boundary, "BOUNDARY") if boundary else body
        wanted = entry["body"] or ""
        if body != wanted:
            found.append(f"body {body!r}, not {wanted!r}")
    return found


def _boundary(request):
    kind = request.one("content-type") or ""
    return kind.partition("boundary=")[2].strip('"') or None


def arguments(entry):
    """The arguments as JSON text; None when the entry leaves them out."""
    given = entry.get("arguments")
    return given if isinstance(given, str) or given is None else values.dump(values.exact(given))
