"""Judges one call: exactly one request, method, path, every parameter, nothing undeclared, the body."""

import re
from dataclasses import dataclass

import bodies
import decode
import xmlbody
from operations import Parameter
from decode import Pairs, Text
from values import dump

FRAMING = {"host", "accept", "accept-encoding", "user-agent", "content-type", "content-length", "transfer-encoding",
           "connection"}
CHOSEN = {"content-type", "user-agent", "accept"}  # a document may leave these to the caller


@dataclass
class Case:
    """A tool: its report (`inspect --json`), its operation in the document, its inputSchema."""

    report: dict
    operation: object
    schema: dict

    def __post_init__(self):
        self.arguments = {(p["name"], p["in"]): p["argument"] for p in self.report["parameters"] if p["argument"] is not None}
        self.callers = {(p["name"], p["in"]) for p in self.report["parameters"] if p["argument"] is None}
        taken = set(self.arguments.values())
        body = self.report.get("body") or {}
        rest = [n for n in self.schema.get("properties", {}) if n not in taken]
        self.body_argument = body.get("argument") or ("body" if "body" in rest else rest[0] if len(rest) == 1 else None)
        if not body:
            self.body_argument = None

    def places(self):
        """Argument -> where its value travels, for the generator."""
        found = {argument: place for (_, place), argument in self.arguments.items()}
        for parameter in self.operation.parameters:
            argument = self.arguments.get((parameter.name, parameter.place))
            if argument and parameter.place == "cookie" and parameter.style == "cookie":
                found[argument] = "plain-cookie"
            if argument and parameter.place == "querystring":
                found[argument] = "body"
        if self.body_argument:
            kind = bodies.essence(self.report["body"]["content_type"])
            found[self.body_argument] = "xml" if kind.endswith("xml") else "body"
        return found

    def value(self, parameter, arguments):
        """(given, value) of a parameter in an argument set."""
        argument = self.arguments.get((parameter.name, parameter.place))
        return argument in arguments, arguments.get(argument)


def missing(case):
    """Parameters and bodies of the document that the report does not mention, and arguments nobody declared."""
    found = []
    declared = {(p.name, p.place) for p in case.operation.parameters if not p.ignored}
    found += [f"{name} in {place} is no argument, but carries no API key" for name, place in sorted(case.callers)
              if (name.lower(), place) not in case.operation.keys]
    for name, place in sorted(declared - set(case.arguments) - case.callers):
        found.append(f"parameter {name} in {place} is not in the report")
    properties = case.schema.get("properties", {})
    for (name, place), argument in case.arguments.items():
        if argument not in properties and (name.lower(), place) != ("authorization", "header"):  # the caller's to give
            found.append(f"argument {argument} of {name} in {place} is not in the inputSchema")
    if bool(case.operation.body) != bool(case.report.get("body")):
        found.append(f"body: document has {[m.name for m in case.operation.body]}, report {case.report.get('body')}")
    found += [f"argument {argument} for the header {name}, which the gateway owns, is offered and never sent"
              for (name, place), argument in case.arguments.items() if place == "header" and name.lower() in FRAMING - CHOSEN]
    known = set(case.arguments.values()) | {case.body_argument}
    return found + [f"inputSchema has {name}, which the report does not mention" for name in properties if name not in known]


def refusable(case, arguments):
    """Whether a refusal before any request is right: a path value that would leave its segment, a value that holds a
    delimiter for which its style has no escape, a member that XML cannot name, or a file whose media type is none."""
    body = arguments.get(case.body_argument)
    chosen = next((a for (n, place), a in case.arguments.items() if place == "header" and n.lower() == "content-type"), None)
    if not bodies.is_media_type(arguments.get(chosen)):
        return True
    if case.body_argument and "xml" in case.report["body"]["content_type"] and not xmlbody.nameable(body):
        return True
    medias = [m for m in case.operation.body if bodies.matches(m.name, case.report["body"]["content_type"])]
    for name, member in body.items() if isinstance(body, dict) and medias else []:
        rule = medias[0].rule(name)
        if rule.style and not rule.explode and _holds_delimiter(rule, member):
            return True
        if rule.content and "xml" in rule.content[0] and not xmlbody.nameable(member):
            return True
        for file in member if isinstance(member, list) else [member]:
            if isinstance(file, dict) and "data" in file and not bodies.is_media_type(file.get("content_type", "a/b")):
                return True
    for parameter in case.operation.parameters:
        given, value = case.value(parameter, arguments)
        if given and (_leaves_its_segment(parameter, value) or _holds_delimiter(parameter, value)):
            return True
    return False


def _leaves_its_segment(parameter, value):
    if parameter.place != "path":
        return False
    if value in ("", ".", "..", [], {}, None, [""], {"": ""}) or (
            parameter.style == "label" and value in ([".", ""], ["."], ["", ""])):
        return True
    return isinstance(value, str) and re.fullmatch(r"(?:\.|%(?:25)*2[eE]){1,2}", value) is not None


def _holds_delimiter(parameter, value):
    delimiter = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t", "label": ".", "cookie": ",;"}.get(
        parameter.style, "," if getattr(parameter, "place", "") == "header" else "")
    if parameter.style == "cookie":
        atoms = value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else [value]
        return any(re.search(r"[^!#-+\--:<-\[\]-~]", v) for v in atoms if isinstance(v, str))
    if isinstance(value, dict):
        value = [x for pair in value.items() for x in pair]
    return isinstance(value, list) and any(set(delimiter) & set(str(v)) for v in value)


def check(case, prefix, arguments, seen, is_error, text):
    """Every failure of a call as a sentence."""
    if not seen and is_error and refusable(case, arguments):
        return []
    if len(seen) != 1:
        return [f"{len(seen)} requests arrived, not one; the answer was {'an error' if is_error else 'no error'}: {text[:300]}"]
    request, found = seen[0], []
    if is_error:
        found.append(f"the upstream answered 200, the tool an error: {text[:300]}")
    if request.method != case.operation.method:
        found.append(f"method {request.method}, not {case.operation.method}")
    for judged in (_path, _query, _headers, _cookies, _body):
        try:
            errors = judged(case, prefix, arguments, request)
        except (ValueError, UnicodeError) as error:
            errors = [f"{judged.__name__[1:]} does not decode: {error}"]
        found += [e for e in errors if e]
    return found


def _template(text, names):
    """Literals and declared names; braces around anything else are literal."""
    found = []
    for piece in re.split(r"(\{[^{}]*\})", text):
        name = _meant(piece[1:-1], names) if piece.startswith("{") else None
        found.append(("text", piece) if name is None else ("name", name))
    return [(kind, p) for kind, p in found if p]


def _meant(expression, names):
    """The parameter that braces mean: by its name, or by what is left without the operators of RFC 6570 and routers."""
    plain = re.match(r"[+#./;?&*]*([^*:=?!(]*)", expression)[1]
    return next((n for n in (expression, plain) if n in names), None)


def _split(text, mark, most=-1):
    """Splits outside of braces."""
    hidden = re.sub(r"\{[^{}]*\}", lambda m: "x" * len(m[0]), text)
    pieces, at = [], 0
    for piece in hidden.split(mark, most):
        pieces.append(text[at:at + len(piece)])
        at += len(piece) + 1
    return pieces


def _path_and_query(case):
    """The template without its fragment: its path, and the query that is fixed."""
    pieces = _split(_split(case.operation.path, "#", 1)[0], "?", 1)
    return pieces[0], pieces[1] if len(pieces) > 1 else ""


def base_of(case, prefix, target):
    """The base path that a target has: of the configuration, or of the operation's own servers. None: neither."""
    bases = [prefix] + [o for b in case.operation.bases for o in (b, prefix + b)]
    return next((b for b in bases if target.startswith(b + "/")), None)


def _path(case, prefix, arguments, request):
    path = request.target.partition("?")[0]
    template = _path_and_query(case)[0]
    base = base_of(case, prefix, path)
    if base is None:
        return [f"target {request.target!r} is outside {prefix!r}"]
    template = template if template.startswith("/") or not template else "/" + template
    got, want = path[len(base):].split("/"), _split(template, "/")
    if len(got) != len(want):
        return [f"{len(got) - 1} path segments, not {len(want) - 1}: {path!r}"]
    parameters = {p.name: p for p in case.operation.parameters if p.place == "path"}
    names, errors = {n for n, place in case.arguments if place == "path"}, []
    for raw, segment in zip(got, want):
        error = _segment(case, raw, _template(segment, names), parameters, arguments)
        if error:
            errors.append(f"path segment {segment!r}: {error}")
    return errors


def _segment(case, raw, parts, parameters, arguments):
    if not parts:
        return None if raw == "" else f"{raw!r} where nothing was"
    (kind, text), rest = parts[0], parts[1:]
    error = f"{raw!r} does not fit the template"
    for end in range(len(raw) + 1) if rest else [len(raw)]:
        piece = raw[:end]
        if kind == "text":
            fits = None if _same_text(piece, text) else error
        else:
            fits = _path_parameter(case, piece, text, parameters, arguments)
        fits = fits or _segment(case, raw[end:], rest, parameters, arguments)
        if fits is None:
            return None
        error = fits
    return error


def _same_text(raw, text):
    try:
        return decode.unquote(raw) == text or decode.unquote(raw) == decode.unquote(text)
    except ValueError:
        return False


def _path_parameter(case, raw, name, parameters, arguments):
    parameter = parameters.get(name)
    if parameter is None:
        parameter = Parameter(name, "path", True, "simple", False, None)
    given, value = case.value(parameter, arguments)
    if not given:
        return f"{name} was not given"
    try:
        return decode.path_value(parameter, raw, value)
    except ValueError as error:
        return str(error)


def _query(case, prefix, arguments, request):
    raw = request.target.partition("?")[2]
    fixed = _path_and_query(case)[1]
    whole = [p for p in case.operation.parameters if p.place == "querystring"]
    if whole:
        given, value = case.value(whole[0], arguments)
        if not given:
            return [f"query {raw!r}, none given"] if raw else []
        kind = bodies.essence(whole[0].media.name) if whole[0].media else ""
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return [bodies.form(whole[0].media, value, raw)]
        return [decode.content(whole[0].media, decode.unquote(raw), value)]
    pairs, errors = Pairs(raw, Text("uri", reserved=True)), []
    for piece in fixed.split("&") if fixed else []:
        name, equals, value = piece.partition("=")
        parts = _template(value, {n for n, place in case.arguments if place in ("path", "query")})
        if any(kind == "name" for kind, _ in parts):  # `?q={q}` in a path key
            error = _spelt_out(case, name, parts, pairs, arguments)
            errors.append(f"the query {piece!r}: {error}" if error else None)
            continue
        for pair in pairs.left:
            if pair[0] == decode.unquote(name) and (pair[1] is not None) == bool(equals) and \
                    decode.unquote(pair[1] or "") == decode.unquote(value):
                pairs.left.remove(pair)
                break
        else:
            errors.append(f"the fixed query {piece!r} is missing")
    for parameter in sorted((p for p in case.operation.parameters if p.place == "query"),
                            key=lambda p: p.explode and p.style == "form"):
        given, value = case.value(parameter, arguments)
        if given:
            error = decode.pairs_value(parameter, pairs, value, Text("uri", parameter.reserved))
            errors.append(f"query {parameter.name}: {error}" if error else None)
    return errors + ([f"undeclared query {pairs.left!r}"] if pairs.left else [])


def _spelt_out(case, name, parts, pairs, arguments):
    """A pair whose value the template spells out; a query parameter that stands there is judged like any other."""
    if len(parts) == 1 and (parts[0][1], "path") not in case.arguments:
        return None
    taken = pairs.first(name)
    if not taken:
        return "is missing"
    parameters = {p.name: p for p in case.operation.parameters if p.place == "path"}
    return _segment(case, taken[0][1] or "", parts, parameters, arguments)


def _headers(case, prefix, arguments, request):
    left, errors = list(request.headers), []
    for parameter in case.operation.parameters:
        if parameter.place != "header":
            continue
        given, value = case.value(parameter, arguments)
        mine = [v for n, v in left if n.lower() == parameter.name.lower()]
        if not given or value is None or (parameter.name.lower() == "content-type" and not request.body):
            continue
        left = [h for h in left if h[0].lower() != parameter.name.lower()]
        if not mine and value in ([], {}):
            continue
        if len(mine) != 1:
            errors.append(f"header {parameter.name} occurs {len(mine)} times, not once")
            continue
        error = decode.header_value(parameter, mine[0], value)
        errors.append(f"header {parameter.name}: {error}" if error else None)
    names = [n.lower() for n, _ in left]
    errors += [f"undeclared header {n}: {v}" for n, v in left if n.lower() not in FRAMING | {"cookie"}]
    return errors + [f"header {n} occurs twice" for n in {n for n in names if names.count(n) > 1}]


def _cookies(case, prefix, arguments, request):
    parameters = [p for p in case.operation.parameters if p.place == "cookie"]
    raws = request.all("cookie")
    if any(p.place == "header" and p.name.lower() == "cookie" for p in case.operation.parameters):
        return []
    if len(raws) > 1:
        return ["several Cookie headers"]
    plain = Text("plain")
    pairs, errors = Pairs(raws[0] if raws else "", plain, "; "), []
    for parameter in parameters:
        given, value = case.value(parameter, arguments)
        if not given:
            continue
        text = plain if parameter.style == "cookie" else Text("uri", parameter.reserved)
        if text is not plain and parameter.explode and isinstance(value, (list, dict)) and any("&" in (v or "") for _, v in pairs.left):
            pairs = Pairs(raws[0].replace("&", "; "), plain, "; ")  # form's own delimiter, wrong but literal
        error = decode.pairs_value(parameter, pairs, value, text)
        errors.append(f"cookie {parameter.name}: {error}" if error else None)
    return errors + ([f"undeclared cookies {pairs.left!r}"] if pairs.left else [])


def _body(case, prefix, arguments, request):
    sent = request.one("content-type")
    if case.body_argument is None or case.body_argument not in arguments:
        return [f"a body that was not given: {request.body[:100]!r}"] if request.body else \
            [f"Content-Type {sent} without a body"] if sent else []
    report, value = case.report["body"]["content_type"], arguments[case.body_argument]
    if value is None and not request.body and not bodies.is_json(report):
        return []  # a form of null is no form
    if sent is None:
        return ["a body without Content-Type"]
    media = next((m for m in case.operation.body if m.name == report), None) or \
        next((m for m in case.operation.body if bodies.matches(m.name, report)), None)
    if media is None:
        return [f"the report's {report!r} is not in the document: {[m.name for m in case.operation.body]}"]
    chosen = [v for p in case.operation.parameters if p.place == "header" and p.name.lower() == "content-type"
              for v in [case.value(p, arguments)[1]] if v]
    if not bodies.matches(chosen[0] if chosen else report, sent):
        return [f"Content-Type {sent!r}, the report says {report!r}"]
    error = bodies.check(media, sent, value, request.body)
    return [f"body ({sent}): {error}; given {dump(value)[:300]}"] if error else []
