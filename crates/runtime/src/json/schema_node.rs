//! The borrowed tree as jsonschema sees it, so that no second tree is built for the check.

use std::borrow::Cow;
use std::collections::HashSet;
use std::slice;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object as SchemaObject};
use serde_json::Value as Plain;

use super::{Kind, Object, Value, budget, number};

/// The representation.
pub(crate) struct Borrowed;

impl Json for Borrowed {
    type Node<'a> = &'a Value<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    const KEYS_PER_LOOKUP: usize = 2;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Self::Node<'_>) -> T) -> T {
        // Held for the call alone; messages never show the text of a name that is checked as a value.
        with_node(&Value::new("", Kind::String(Cow::Borrowed(string))), f)
    }
}

fn with_node<'v, T>(node: &'v Value<'v>, f: impl FnOnce(&'v Value<'v>) -> T) -> T {
    f(node)
}

impl<'a> Node<'a, Borrowed> for &'a Value<'a> {
    type Object = &'a Object<'a>;
    type Array = &'a [Value<'a>];
    type Number = NumberText<'a>;

    fn as_object(&self) -> Option<&'a Object<'a>> {
        Value::as_object(self).filter(|_| budget::look())
    }

    fn as_array(&self) -> Option<&'a [Value<'a>]> {
        Value::as_array(self).filter(|_| budget::look())
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        Value::as_str(self)
            .filter(|_| budget::look())
            .map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<NumberText<'a>> {
        Value::as_number(self).map(NumberText)
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        Value::is_null(self) || !budget::look()
    }

    fn json_type(&self) -> JsonType {
        if !budget::look() {
            return JsonType::Null;
        }
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Number(_) => JsonType::Number,
            Kind::String(_) => JsonType::String,
            Kind::Array(_) => JsonType::Array,
            Kind::Object(_) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Plain) -> bool {
        if !budget::look() {
            return false;
        }
        match (self.kind(), expected) {
            (Kind::Null, Plain::Null) => true,
            (Kind::Bool(left), Plain::Bool(right)) => left == right,
            (Kind::String(left), Plain::String(right)) => left == right,
            (Kind::Number(left), Plain::Number(right)) => {
                number::equal(left, &right.to_string())
                    // A constant beyond 64 bits has been rounded; then the rounded values decide.
                    || (!right.is_i64() && !right.is_u64() && left.parse().ok() == right.as_f64())
            }
            (Kind::Array(left), Plain::Array(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(right)
                        .all(|(left, right)| left.equals_value(right))
            }
            (Kind::Object(left), Plain::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(name, left)| {
                        right
                            .get(name)
                            .is_some_and(|right| left.equals_value(right))
                    })
            }
            _ => false,
        }
    }

    /// Scalars only: the value goes into error objects, and copying whole subtrees there would let one
    /// call cost memory by the square of its size. Messages read the tree itself.
    fn to_value(&self) -> Cow<'a, Plain> {
        budget::find();
        Cow::Owned(match self.kind() {
            Kind::Bool(value) => Plain::Bool(*value),
            _ => Plain::Null,
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(
            std::ptr::from_ref::<Value<'a>>(self) as usize
        ))
    }
}

impl<'a> SchemaObject<'a, Borrowed> for &'a Object<'a> {
    type Node = &'a Value<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        Object::len(self)
    }

    fn get(&self, key: &String) -> Option<&'a Value<'a>> {
        Object::get(self, key)
    }

    fn members(&self) -> Members<'a> {
        Members(Object::members(self).iter())
    }
}

/// Name and value of each member.
pub(crate) struct Members<'a>(slice::Iter<'a, (Cow<'a, str>, Value<'a>)>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_ref(), value))
    }
}

impl<'a> Array<'a, Borrowed> for &'a [Value<'a>] {
    type Node = &'a Value<'a>;
    type ElementsIter = slice::Iter<'a, Value<'a>>;

    fn len(&self) -> usize {
        <[Value<'_>]>::len(self)
    }

    fn elements(&self) -> slice::Iter<'a, Value<'a>> {
        self.iter()
    }

    fn is_unique(&self) -> bool {
        let mut seen = HashSet::with_capacity(<[Value<'_>]>::len(self));
        self.iter().all(|item| {
            let mut normal = String::new();
            push_normal(&mut normal, item);
            seen.insert(normal)
        })
    }
}

/// Text that equal values share: members by name, numbers by value.
fn push_normal(out: &mut String, value: &Value<'_>) {
    match value.kind() {
        Kind::Number(text) => out.push_str(&number::normal(text)),
        Kind::String(text) => super::push_string(out, text),
        Kind::Array(items) => {
            out.push('[');
            for item in items {
                push_normal(out, item);
                out.push(',');
            }
            out.push(']');
        }
        Kind::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push('{');
            for (name, member) in members {
                super::push_string(out, name);
                out.push(':');
                push_normal(out, member);
                out.push(',');
            }
            out.push('}');
        }
        _ => out.push_str(value.text()),
    }
}

/// A number that is read only as far as a keyword asks.
pub(crate) struct NumberText<'a>(&'a str);

impl JsonNumber for NumberText<'_> {
    fn as_u64(&self) -> Option<u64> {
        number::canonical_integer(self.0)?.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        number::canonical_integer(self.0)?.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|value: &f64| value.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let rounded = self.as_f64().and_then(serde_json::Number::from_f64);
        Cow::Owned(rounded.unwrap_or_else(|| serde_json::Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        number::is_integer(self.0)
    }

    fn is_written_as_integer(&self) -> bool {
        number::is_written_whole(self.0)
    }
}
