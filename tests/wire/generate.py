"""Argument sets from a tool's own inputSchema (JSON Schema 2020-12): required only, everything, falsy, random; seeded."""

import random

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

import strings
from strings import Impossible
from values import Num, exact, plain

ROUNDS = 25


def _pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, "string") and not strings.searches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = extend(Draft202012Validator, {"pattern": _pattern})


def merge(left, right):
    """Two schemas that both apply, as one where that can be said."""
    out = dict(left)
    for key, value in right.items():
        if key not in out:
            out[key] = value
        elif key == "properties":
            out[key] = {**out[key], **{k: merge(out[key][k], v) if k in out[key] and isinstance(out[key][k], dict)
                                       and isinstance(v, dict) else v for k, v in value.items()}}
        elif key == "required":
            out[key] = list(dict.fromkeys(out[key] + value))
        elif key == "type":
            sides = [[x] if isinstance(x, str) else x for x in (out[key], value)]
            out[key] = [t for t in sides[0] if t in sides[1] or (t == "integer" and "number" in sides[1])] or \
                       [t for t in sides[1] if t == "integer" and "number" in sides[0]]
        elif key == "enum":
            out[key] = [v for v in out[key] if v in value]
        elif key.startswith("min") or key == "exclusiveMinimum":
            out[key] = max(out[key], value)
        elif key.startswith("max") or key == "exclusiveMaximum":
            out[key] = min(out[key], value)
        elif key in ("allOf", "anyOf", "oneOf"):
            out["allOf"] = out.get("allOf", []) + [{key: value}] if key != "allOf" else out["allOf"] + value
        elif key == "items" and isinstance(value, dict) and isinstance(out[key], dict):
            out[key] = merge(out[key], value)
        elif key == "additionalProperties" and value is False:
            out[key] = False
    return out


class Maker:
    """Makes instances of the schemas of one document."""

    def __init__(self, root, rng, mode):
        self.root, self.rng, self.mode = root, rng, mode
        self.validator = Validator(root, format_checker=FormatChecker(["ipv4", "ipv6"]))  # else oneOf cannot tell them apart
        self.budget = 400

    def valid(self, schema, value):
        """Whether a made value meets its schema."""
        return self.validator.evolve(schema=schema).is_valid(plain(value))

    def make(self, schema, place, depth=0):
        """A valid instance, or Impossible."""
        last = "no reason known"
        for _ in range(ROUNDS):
            try:
                self.budget = 400
                value = self.draw(schema, place, depth)
            except Impossible as error:
                last = str(error)
                continue
            errors = list(self.validator.evolve(schema=schema).iter_errors(plain(value)))
            if not errors:
                return value
            last = errors[0].message[:200]
        raise Impossible(last)

    def lookup(self, ref):
        """The target of a local reference."""
        node = self.root
        if not ref.startswith("#"):
            raise Impossible(f"a reference to {ref}")
        for step in ref[1:].split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            node = node[int(step)] if isinstance(node, list) else node[step]
        return node

    def flatten(self, schema, depth=0):
        """References and allOf put in, one branch of anyOf/oneOf chosen."""
        if schema is True or schema == {}:
            return {}
        if schema is False or depth > 40:
            raise Impossible("nothing is valid here" if schema is False else "references go round")
        out = {k: v for k, v in schema.items() if k not in ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf")}
        for word in ("$ref", "$dynamicRef"):
            if word in schema:
                out = merge(self.flatten(self.lookup(schema[word]), depth + 1), out)
        for part in schema.get("allOf", []):
            out = merge(out, self.flatten(part, depth + 1))
        for word in ("anyOf", "oneOf"):
            if schema.get(word):
                out = merge(out, self.flatten(self.branch(schema[word]), depth + 1))
        if "allOf" in out or "$ref" in out:
            out = self.flatten(out, depth + 1)
        return out

    def branch(self, branches):
        """A branch; plain ones when the budget is spent, so that recursion ends."""
        if self.budget < 0:
            return min(branches, key=lambda b: len(str(b)))
        if self.mode == "required":
            return self.rng.choice(branches[:2])
        return self.rng.choice(branches)

    def draw(self, schema, place, depth):
        """One instance, perhaps not valid."""
        self.budget -= 1
        if depth > 24 or self.budget < -600:
            raise Impossible("the schema recurses without an end")
        schema = self.flatten(schema)
        if "const" in schema:
            return exact(schema["const"])
        if "enum" in schema:
            allowed = [v for v in schema["enum"] if not isinstance(v, str) or strings.fits(place, v)]
            if not allowed:
                raise Impossible("no member of the enum fits its place")
            return exact(self.rng.choice(allowed))
        kind = self.kind(schema, place)
        if kind == "null":
            return None
        if kind == "boolean":
            return False if self.mode == "falsy" else self.rng.random() < 0.5
        if kind in ("integer", "number"):
            return self.number(schema, kind)
        if kind == "string":
            if self.mode == "falsy" and not schema.get("minLength") and strings.fits(place, "") \
                    and not {"pattern", "format", "contentEncoding"} & set(schema):
                return ""
            return strings.text(self.rng, schema, place)
        return self.array(schema, place, depth) if kind == "array" else self.object(schema, place, depth)

    def kind(self, schema, place):
        """A type, by the keywords where none is named."""
        kinds = schema.get("type")
        if kinds is None:
            hints = {"object": ("properties", "required", "additionalProperties"), "array": ("items", "prefixItems"),
                     "string": ("pattern", "format", "minLength", "maxLength", "contentEncoding"),
                     "number": ("minimum", "maximum", "multipleOf")}
            kinds = [k for k, words in hints.items() if any(w in schema for w in words)] or \
                (["string", "integer", "number", "boolean", "object", "array"] if place == "body" else ["string"])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if len(kinds) > 1 and (place != "body" or self.mode != "falsy"):
            kinds = [k for k in kinds if k != "null" or (place == "body" and self.rng.random() < 0.3)] or kinds
        if not kinds:
            raise Impossible("no type is left")
        return self.rng.choice(kinds)

    def number(self, schema, kind):
        """A number, with its text."""
        rng, small = self.rng, schema.get("minimum", schema.get("exclusiveMinimum"))
        large = schema.get("maximum", schema.get("exclusiveMaximum"))
        bits = {"int32": 31, "int64": 63, "uint32": 32, "uint64": 64, "int8": 7, "uint8": 8, "int16": 15, "uint16": 16,
                "uint": 64}.get(schema.get("format"))
        if bits:
            unsigned = schema["format"].startswith("u")
            small = max(small if small is not None else -2 ** 80, 0 if unsigned else -2 ** bits)
            large = min(large if large is not None else 2 ** 80, 2 ** bits - 1)
        step = schema.get("multipleOf")
        if step and not (isinstance(step, float) and step < 1):
            low = int(-(-(small or 0) // step))
            high = int(large // step) if large is not None else low + 50
            return exact((rng.randrange(low, max(low, high) + 1)) * step)
        if kind == "integer" or (step is None and self.mode == "falsy"):
            pool = [0, 1, -1, 7, 2 ** 53 + 1, -2 ** 63, 2 ** 63 - 1, 12345678901234567890123]
            zero = (small is None or small < 0 or schema.get("minimum") == 0) and (large is None or large >= 0)
            pool = [0] if self.mode == "falsy" and zero else pool
            pool = [n for n in pool if (small is None or n > small or n == schema.get("minimum"))
                    and (large is None or n < large or n == schema.get("maximum"))]
            pool += [int(b) for b in (schema.get("minimum"), schema.get("maximum")) if b is not None and float(b).is_integer()]
            if small is not None and large is not None and large - small < 2 ** 53:
                pool += [rng.randint(int(small), int(large))]
            if not pool:
                pool = [int(small if small is not None else large) + (1 if small is not None else -1)]
            number = rng.choice(pool)
            return Num(f"{number}.0" if rng.random() < 0.04 and abs(number) < 2 ** 53 else str(number))
        pool = ["0.1", "-0.0", "1e21", "1E-7", "3.14159265358979323846264", "0", "1.50", "9007199254740993", "-2.5e+3"]
        if schema.get("format") in ("float", "double"):
            pool = ["0.1", "-0.25", "1e10", "1.50", "0", "-2.5e+3"]
        pool = [t for t in pool if (small is None or float(t) > small or float(t) == schema.get("minimum"))
                and (large is None or float(t) < large or float(t) == schema.get("maximum"))]
        if not pool:
            low = small if small is not None else large - 1
            pool = [f"{(low + (large if large is not None else low + 1)) / 2:.4f}"]
        return Num(rng.choice(pool))

    def array(self, schema, place, depth):
        """An array within its bounds."""
        fewest, most = schema.get("minItems", 0), schema.get("maxItems", 10 ** 6)
        size = {"required": fewest, "falsy": fewest}.get(self.mode, max(fewest, self.rng.choice([0, 1, 2, 3])))
        if self.mode == "everything":
            size = max(fewest, 2)
        if place == "path":
            size = max(size, 1)
        if depth > 5 or self.budget < 0:
            size = fewest
        size, prefix = min(size, most), schema.get("prefixItems", [])
        if schema.get("items") is False:
            size = min(size, len(prefix))
        made, tries = [], 0
        while len(made) < size and tries < size * 6 + 6:
            tries += 1
            part = prefix[len(made)] if len(made) < len(prefix) else schema.get("items", True)
            value = self.draw(part, place, depth + 1)
            if not (schema.get("uniqueItems") and any(plain(value) == plain(m) for m in made)):
                made.append(value)
        return made

    def object(self, schema, place, depth):
        """An object: required members, and others by the mode."""
        made, required = {}, schema.get("required", [])
        properties = schema.get("properties", {})
        chance = {"required": 0, "falsy": 0.5, "everything": 1}.get(self.mode, 0.5)
        if depth > 4 or self.budget < 0:
            chance = 0
        for name, part in properties.items():
            if name in required:
                made[name] = self.draw(part, place, depth + 1)
            elif part is not False and self.rng.random() < chance:
                try:
                    made[name] = self.draw(part, place, depth + 1)
                except Impossible:
                    continue
        rest = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        names = [n for n in required if n not in made]
        fewest = schema.get("minProperties", 1 if place == "path" and not made else 0)
        if (isinstance(rest, dict) or rest is True or not properties) and rest is not False and chance:
            keys = self.keys(schema, place)
            names += self.rng.sample(keys, min(len(keys), self.rng.choice([0, 1, 2])))
        free = {} if place == "body" else {"type": "string"}
        names += self.keys(schema, place)[:max(0, fewest - len(made) - len(names))] if rest is not False else []
        for name in dict.fromkeys(names):
            if len(made) < schema.get("maxProperties", 10 ** 6):
                made.setdefault(name, self.draw(rest if isinstance(rest, dict) else free, place, depth + 1))
        return made

    def keys(self, schema, place):
        """Names for additional members."""
        if schema.get("propertyNames"):
            part = self.flatten(schema["propertyNames"])
            if "enum" in part:
                return list(part["enum"])[:3]
            return [strings.text(self.rng, part, "path", tame=True) for _ in range(3)]
        if schema.get("patternProperties"):
            return [strings.from_pattern(self.rng, p) for p in schema["patternProperties"]]
        return strings.KEYS if place in ("body", "query") else ["extra", "second", "third"]


def argument_sets(schema, places, seed, count=3):
    """Yields (mode, arguments, {argument: reason} left out). Raises Impossible when no set at all can be made.
    `places`: argument -> path, query, header, cookie, body or xml."""
    modes = ["required", "everything", "falsy"] + ["random"] * count
    done, reason = set(), None
    for number, mode in enumerate(modes):
        maker = Maker(schema, random.Random(f"{seed}/{number}"), mode)
        try:
            made, left = _one_set(maker, schema, places)
        except Impossible as error:
            reason = error
            continue
        key = repr(made)
        if key not in done:
            done.add(key)
            yield mode, made, left
    if not done:
        raise reason


def _one_set(maker, schema, places):
    made, left, required = {}, {}, set(schema.get("required", []))
    chance = {"required": 0, "everything": 1, "falsy": 0.7}.get(maker.mode, 0.5)
    for name, part in schema.get("properties", {}).items():
        if name not in required and maker.rng.random() >= chance:
            continue
        try:
            made[name] = maker.make(part, places.get(name, "body"))
        except Impossible as error:
            if name in required:
                raise Impossible(f"{name}: {error}") from error
            left[name] = str(error)
    errors = [e.message for e in maker.validator.iter_errors(plain(made))]
    if errors:
        raise Impossible(f"the whole: {errors[0][:200]}")
    return made, left
