"""The same wire through decoders that are not ours: openapi-core's styles, Werkzeug's query, cookie and form parsers.

openapi-core decodes percents before it splits, so values that hold a delimiter are left out here; so are the
combinations it does not know. Everything it can read has to come out equal.
"""

from io import BytesIO
from urllib.parse import unquote

from openapi_core.deserializing.styles import style_deserializers
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.formparser import parse_form_data
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Request

import bodies
from judge import CHOSEN, base_of
from values import difference, parse, scalar_is

DELIMITERS = set(",.;=|& %")


def leaves(value):
    """Scalars and names of a value; None when it nests, is empty or holds null: undefined in the style table."""
    if isinstance(value, dict):
        value = [x for pair in value.items() for x in pair]
    elif not isinstance(value, list):
        return [] if value is None else [value]
    if not value or any(v is None or isinstance(v, (dict, list)) for v in value):
        return None
    return value


def readable(parameter, value):
    """Whether openapi-core's rules give this value one meaning."""
    atoms = leaves(value)
    if not atoms or parameter.media is not None:
        return False
    many = isinstance(value, (list, dict))
    if parameter.reserved and any("%" in str(a) for a in atoms):
        return False  # a triple may pass through
    if parameter.style in {"query": ("simple", "label", "matrix"), "header": ("form", "label", "matrix", "deepObject"),
                           "cookie": ("simple", "label", "matrix"), "path": ("form", "deepObject")}.get(parameter.place, ()):
        return False  # a style that its place does not have
    texts = [a if isinstance(a, str) else str(a) for a in atoms]
    if parameter.style not in style_deserializers or (parameter.style in ("spaceDelimited", "pipeDelimited") and
                                                       (parameter.explode or not many or parameter.place != "query")):
        return False
    if parameter.style == "deepObject":
        return isinstance(value, dict) and parameter.explode and all(k.isidentifier() and k.isascii() for k in value)
    if parameter.style == "matrix" and any("\n" in t or t == "" for t in texts):
        return False
    return not many or not any(DELIMITERS & set(t) or t == "" for t in texts)


def same(got, value):
    """What a style deserializer answered, against the value."""
    if isinstance(value, dict):
        return isinstance(got, dict) and list(got) == list(value) and all(same(got[k], value[k]) for k in value)
    if isinstance(value, list):
        return isinstance(got, list) and len(got) == len(value) and all(map(same, got, value))
    return isinstance(got, str) and scalar_is(got, value)


class View:
    """A recorded request as a WSGI framework shows it."""

    def __init__(self, seen, prefix):
        path, _, query = seen.target.partition("?")
        self.segments = path.removeprefix(prefix).split("/")
        self.environ = {"REQUEST_METHOD": seen.method, "QUERY_STRING": query, "wsgi.input": BytesIO(seen.body),
                        "SERVER_NAME": "x", "SERVER_PORT": "80", "wsgi.url_scheme": "http", "PATH_INFO": "/",
                        "CONTENT_TYPE": seen.one("content-type") or "", "CONTENT_LENGTH": str(len(seen.body))}
        self.args = Request(self.environ).args
        self.headers = Headers([(n, v) for n, v in seen.headers])
        self.cookies = MultiDict(parse_cookie(seen.one("cookie") or ""))

    def location(self, parameter, value, template):
        """The mapping that openapi-core takes a parameter from; None where it cannot say."""
        name = parameter.name
        if parameter.place == "query":
            if parameter.style == "spaceDelimited":  # it splits the text that is still encoded
                return {name: self.args.get(name, "").replace(" ", "%20")}
            if isinstance(value, dict) and parameter.style == "form" and parameter.explode:
                return {name: "&".join(f"{k}={v}" for k in value for v in self.args.getlist(k))}
            return self.args
        if parameter.place == "header":
            return self.headers
        if parameter.place == "cookie":
            if isinstance(value, (dict, list)) and parameter.explode:
                return None
            return {k: unquote(v) for k, v in self.cookies.items()}
        wanted = [i for i, segment in enumerate(template) if segment == "{" + name + "}"]
        if not wanted or wanted[0] >= len(self.segments):
            return None
        key = {"label": f".{name}", "matrix": f";{name}"}.get(parameter.style, name)
        star = "*" if parameter.explode and parameter.style in ("label", "matrix") else ""
        return {key + star: unquote(self.segments[wanted[0]])}


def check(case, prefix, arguments, seen):
    """(number of values compared, disagreements)."""
    view, compared, errors = View(seen, base_of(case, prefix, seen.target)), 0, []
    template = case.operation.path.partition("?")[0].split("/")
    for parameter in case.operation.parameters:
        given, value = case.value(parameter, arguments)
        if not given or parameter.ignored or parameter.name.lower() in CHOSEN or not readable(parameter, value):
            continue
        location = view.location(parameter, value, template)
        if location is None:
            continue
        kind = "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "string"
        compared += 1
        try:
            got = style_deserializers[parameter.style](parameter.explode, parameter.name, kind, location)
        except (KeyError, ValueError, TypeError) as error:
            errors.append(f"openapi-core cannot read {parameter.name} in {parameter.place}: {error!r}")
            continue
        if not same(list(got) if isinstance(got, tuple) else got, value):
            errors.append(f"openapi-core reads {parameter.name} in {parameter.place} as {got!r}")
    if case.body_argument in arguments and case.body_argument is not None:
        number, error = _body(view, arguments[case.body_argument], seen, case)
        compared += number
        errors += [error] if error else []
    return compared, errors


def _body(view, value, seen, case):
    kind = bodies.essence(seen.one("content-type") or "")
    if bodies.is_json(kind):
        error = difference(value, parse(seen.body.decode()))
        return 1, error and f"body: {error}"
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data") or not isinstance(value, dict):
        return 0, None
    media = next((m for m in case.operation.body if bodies.matches(m.name, kind)), None)
    _, form, files = parse_form_data(view.environ)
    for name, member in value.items():
        rule = media.rule(name) if media else None
        if rule is None or rule.style or rule.content or member is None or member in ([], {}):
            continue
        members = member if isinstance(member, list) else [member]
        got = form.getlist(name)
        if any(bodies.is_file(m, rule) for m in members):
            if len(got) + len(files.getlist(name)) != len(members):
                return 1, f"werkzeug reads {len(got)} fields and {len(files.getlist(name))} files of {name}, not {len(members)}"
        elif len(got) != len(members) or not all(map(scalar_is, got, members)):
            return 1, f"werkzeug reads {name} as {got!r}"
    return 1, None
