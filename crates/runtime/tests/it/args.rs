//! From the text of arguments to typed values and on.

use toolwright_runtime::AsBytes;
use toolwright_runtime::prelude::*;

use crate::support::{decode, no_headers};

#[derive(Debug, Args)]
struct Everything {
    id: Integer,
    small: Option<i64>,
    price: Option<Number>,
    #[args(name = "x-token")]
    x_token: Option<String>,
    r#type: Option<Sort>,
    tags: Option<Vec<String>>,
    labels: Option<Map<bool>>,
    extra: Option<Json>,
    data: Option<Bytes>,
    nested: Option<Box<Everything>>,
    pet: Option<Pet>,
}

#[derive(Debug, Args, PartialEq)]
enum Sort {
    #[args(name = "-price")]
    MinusPrice,
    #[args(name = "name")]
    Name,
}

#[derive(Debug, Args)]
#[args(tag = "petType")]
enum Pet {
    #[args(name = "cat")]
    Cat(Cat),
    #[args(name = "dog", name = "puppy")]
    Dog(Box<Dog>),
}

#[derive(Debug, Args)]
struct Cat {
    lives: i32,
}

#[derive(Debug, Args)]
struct Dog {
    bark: Option<bool>,
}

#[derive(Debug, Args)]
struct Nothing {}

#[test]
fn every_type_is_read() {
    let all: Everything = decode(
        r#"{"id": 1e2, "small": -5.0, "price": 1.10, "x-token": "t", "type": "-price", "tags": ["a"],
            "labels": {"z": true, "a": false}, "extra": {"n": 1.0}, "data": "aGk", "nested": {"id": 12345678901234567890123},
            "pet": {"petType": "puppy", "bark": true}}"#,
    )
    .unwrap();
    assert_eq!(all.id.as_str(), "100");
    assert_eq!(all.small, Some(-5));
    assert_eq!(all.price.unwrap().as_str(), "1.10");
    assert_eq!(all.x_token.as_deref(), Some("t"));
    assert_eq!(all.r#type, Some(Sort::MinusPrice));
    assert_eq!(all.tags.unwrap(), ["a"]);
    let labels: Vec<_> = all.labels.as_ref().unwrap().iter().collect();
    assert_eq!(labels, [("z", &true), ("a", &false)]);
    assert_eq!(all.extra.unwrap().text(), r#"{"n": 1.0}"#);
    assert_eq!(all.data.as_bytes(), Some(&b"hi"[..]));
    assert_eq!(all.nested.unwrap().id.as_str(), "12345678901234567890123");
    let Some(Pet::Dog(dog)) = all.pet else {
        panic!("a dog")
    };
    assert_eq!(dog.bark, Some(true));
}

#[test]
fn absent_and_null_are_none() {
    for text in [
        r#"{"id":1}"#,
        r#"{"id":1,"small":null,"x-token":null,"type":null,"nested":null,"pet":null}"#,
    ] {
        let all: Everything = decode(text).unwrap();
        assert!(
            all.small.is_none()
                && all.x_token.is_none()
                && all.nested.is_none()
                && all.pet.is_none()
        );
    }
    assert!(Arguments::parse(None).unwrap().decode::<Nothing>().is_ok());
    assert!(
        Arguments::parse(Some("null"))
            .unwrap()
            .decode::<Nothing>()
            .is_ok()
    );
    assert!(Arguments::parse(Some("[]")).is_err());
}

#[test]
fn mistakes_name_their_place() {
    let cases = [
        (r#"{}"#, "/id", "`id` is required"),
        (r#"{"id":"7"}"#, "/id", "must be an integer, not a string"),
        (
            r#"{"id":1,"small":9223372036854775808}"#,
            "/small",
            "must be an integer from -9223372036854775808",
        ),
        (
            r#"{"id":1,"tags":["a",1]}"#,
            "/tags/1",
            "must be a string, not an integer",
        ),
        (
            r#"{"id":1,"labels":{"a/b":1}}"#,
            "/labels/a~1b",
            "must be a boolean",
        ),
        (
            r#"{"id":1,"type":"price"}"#,
            "/type",
            "must be one of \"-price\", \"name\"",
        ),
        (
            r#"{"id":1,"nested":{"id":0.5}}"#,
            "/nested/id",
            "must be an integer, not a number",
        ),
        (
            r#"{"id":1,"pet":{}}"#,
            "/pet/petType",
            "`petType` is required",
        ),
        (
            r#"{"id":1,"pet":{"petType":"cow"}}"#,
            "/pet/petType",
            "must be one of \"cat\", \"dog\", \"puppy\"",
        ),
        (
            r#"{"id":1,"pet":{"petType":"cat","lives":"9"}}"#,
            "/pet/lives",
            "must be an integer",
        ),
        (r#"{"id":1,"data":"%%"}"#, "/data", "must be base64"),
    ];
    for (text, pointer, message) in cases {
        let error = decode::<Everything>(text).unwrap_err();
        let violation = &error.violations()[0];
        assert_eq!(violation.pointer, pointer, "{text}");
        assert!(violation.message.contains(message), "{text}: {error}");
    }
    let cat: Everything = decode(r#"{"id":1,"pet":{"petType":"cat","lives":9}}"#).unwrap();
    let Some(Pet::Cat(cat)) = cat.pet else {
        panic!("a cat")
    };
    assert_eq!(cat.lives, 9);
}

#[test]
fn a_body_goes_on_as_it_came() {
    #[derive(Debug, Args)]
    struct Typed {
        body: Json<Cat>,
    }
    #[derive(Debug, Args)]
    struct Nullable {
        body: Option<Json<Option<Cat>>>,
    }
    let send = |body: Option<&str>| {
        let text = body.map_or_else(|| String::from("{}"), |body| format!("{{\"body\":{body}}}"));
        let args: Nullable = decode(&text).unwrap();
        Request::post("/", &no_headers())
            .json(&args.body)
            .build()
            .unwrap()
    };
    let text = "{ \"lives\" : 9.0,\n\"more\": [1e400, \"\\u00fc\"] }";
    let typed: Typed = decode(&format!("{{\"body\":{text}}}")).unwrap();
    assert_eq!(typed.body.value.lives, 9);
    let request = Request::post("/", &no_headers())
        .json(&typed.body)
        .build()
        .unwrap();
    assert_eq!(request.body().unwrap(), text.as_bytes());
    assert_eq!(request.headers()["content-type"], "application/json");

    assert_eq!(send(Some("null")).body().unwrap(), "null");
    let absent = send(None);
    assert!(absent.body().is_none() && absent.headers().get("content-type").is_none());
}
