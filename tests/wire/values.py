"""JSON values with the text of their numbers, and what counts as equal on the wire."""

import json
from decimal import Decimal, InvalidOperation


class Num:
    """A JSON number as written."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text if isinstance(text, str) else str(text)

    def decimal(self):
        """The value, without loss."""
        return Decimal(self.text)

    def __repr__(self):
        return self.text

    def __eq__(self, other):
        return isinstance(other, Num) and self.text == other.text

    def __hash__(self):
        return hash(self.text)


def _pairs(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a member name occurs twice")
    return result


def _constant(text):
    raise ValueError(f"{text} is not JSON")


def parse(text):
    """Strict JSON; numbers keep their text, objects their order."""
    return json.loads(text, parse_int=Num, parse_float=Num, parse_constant=_constant, object_pairs_hook=_pairs)


def dump(value):
    """Compact JSON, numbers as written."""
    if isinstance(value, Num):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{dump(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def plain(value):
    """Python's own numbers, for schema validation."""
    if isinstance(value, Num):
        number = value.decimal()
        return int(number) if number == number.to_integral_value() else float(value.text)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def exact(value):
    """The other way: a plain value with Num for its numbers."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, Num)):
        return value
    if isinstance(value, dict):
        return {k: exact(v) for k, v in value.items()}
    return [exact(v) for v in value] if isinstance(value, list) else Num(json.dumps(value))


def difference(want, got, path=""):
    """Where two JSON values differ, number text and key order included; None when they are the same."""
    if type(want) is not type(got):
        return f"{path or '/'}: {dump(want)} became {dump(got)}"
    if isinstance(want, dict):
        if list(want) != list(got):
            return f"{path or '/'}: members {list(want)} became {list(got)}"
        return next((d for k in want if (d := difference(want[k], got[k], f"{path}/{k}"))), None)
    if isinstance(want, list):
        if len(want) != len(got):
            return f"{path or '/'}: {len(want)} elements became {len(got)}"
        return next((d for i, w in enumerate(want) if (d := difference(w, got[i], f"{path}/{i}"))), None)
    return None if want == got else f"{path or '/'}: {dump(want)} became {dump(got)}"


def scalar_is(text, value):
    """Whether wire text means a value. Rules: numbers compare as numbers (`1.0` is `1`), null is empty or `null`,
    what is nested where OpenAPI defines nothing is JSON text."""
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if value is None:
        return text in ("", "null")
    if isinstance(value, Num):
        try:
            return text == value.text or (text.strip() == text and Decimal(text) == value.decimal())
        except InvalidOperation:
            return False
    if isinstance(value, str):
        return text == value
    try:
        return difference(value, parse(text)) is None
    except ValueError:
        return False


def without_nulls(value):
    """The variants of an array or object that count as equal: as it is, and with nulls left out."""
    if isinstance(value, list) and None in value:
        return [value, [v for v in value if v is not None]]
    if isinstance(value, dict) and None in value.values():
        return [value, {k: v for k, v in value.items() if v is not None}]
    return [value]
