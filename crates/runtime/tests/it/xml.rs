//! XML bodies and parts.

use toolwright_runtime::prelude::*;

use crate::support::{body, json, no_headers};

static ID: XmlHints = XmlHints {
    attribute: true,
    ..XmlHints::NONE
};
static TAG: XmlHints = XmlHints {
    name: "tag",
    ..XmlHints::NONE
};
static TAGS: XmlHints = XmlHints {
    name: "tags",
    wrapped: true,
    items: Some(&TAG),
    ..XmlHints::NONE
};
static PHOTOS: XmlHints = XmlHints {
    items: Some(&XmlHints::NONE),
    ..XmlHints::NONE
};
static NAME: XmlHints = XmlHints {
    name: "n",
    prefix: Some("p"),
    namespace: Some("urn:x?a&b"),
    ..XmlHints::NONE
};
static NOTE: XmlHints = XmlHints {
    properties: &[
        (
            "text",
            &XmlHints {
                text: true,
                ..XmlHints::NONE
            },
        ),
        ("lang", &ID),
    ],
    ..XmlHints::NONE
};
static PET: XmlHints = XmlHints {
    name: "pet",
    namespace: Some("urn:pets"),
    properties: &[
        ("id", &ID),
        ("name", &NAME),
        ("tags", &TAGS),
        ("photos", &PHOTOS),
        ("parent", &PET),
        ("note", &NOTE),
    ],
    ..XmlHints::NONE
};

#[test]
fn xml_follows_its_hints() {
    let value = json(
        r#"{"name":"a<b>&\"c\"","id":7,"tags":["x","y"],"photos":["1","2"],"parent":{"id":8},"note":{"lang":"de","text":"hallo"},"empty":"","none":null}"#,
    );
    let request = Request::post("/", &no_headers())
        .xml(&value, &PET)
        .build()
        .unwrap();
    assert_eq!(
        body(&request),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <pet xmlns=\"urn:pets\" id=\"7\"><p:n xmlns:p=\"urn:x?a&amp;b\">a&lt;b&gt;&amp;&quot;c&quot;</p:n>\
         <tags><tag>x</tag><tag>y</tag></tags><photos>1</photos><photos>2</photos>\
         <pet xmlns=\"urn:pets\" id=\"8\"></pet><note lang=\"de\">hallo</note><empty></empty>\
         <none xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></pet>"
    );
    assert_eq!(request.headers()["content-type"], "application/xml");
    let list = Request::post("/", &no_headers())
        .xml(&json("[1]"), &TAGS)
        .build()
        .unwrap();
    assert!(body(&list).ends_with("<tags><tag>1</tag></tags>"));
    for bad in [
        r#"{"a b":1}"#,
        r#"{"x><y":1}"#,
        r#"{"a":"\u0000"}"#,
        r#"{"a":"\uffff"}"#,
        r#"{"":1}"#,
    ] {
        let error = Request::post("/", &no_headers())
            .xml(&json(bad), &PET)
            .build()
            .unwrap_err();
        assert!(error.violations()[0].pointer.starts_with("/body"), "{bad}");
    }
}

static CDATA: XmlHints = XmlHints {
    cdata: true,
    ..XmlHints::NONE
};
static SPACED: XmlHints = XmlHints {
    attribute: true,
    namespace: Some("urn:x"),
    ..XmlHints::NONE
};
static PREFIXED: XmlHints = XmlHints {
    attribute: true,
    namespace: Some("urn:y"),
    prefix: Some("y"),
    ..XmlHints::NONE
};
static GROUP: XmlHints = XmlHints {
    inline: true,
    properties: &[("a", &ID), ("b", &XmlHints::NONE)],
    ..XmlHints::NONE
};
static ORDERED: XmlHints = XmlHints {
    name: "list",
    wrapped: true,
    first_items: &[
        &TAG,
        &XmlHints {
            text: true,
            ..XmlHints::NONE
        },
    ],
    items: Some(&XmlHints::NONE),
    ..XmlHints::NONE
};
static NODES: XmlHints = XmlHints {
    properties: &[
        ("page", &CDATA),
        ("s", &SPACED),
        ("t", &SPACED),
        ("y", &PREFIXED),
        ("z", &PREFIXED),
        ("group", &GROUP),
        ("ordered", &ORDERED),
    ],
    ..XmlHints::NONE
};

#[test]
fn xml_has_nodes_of_every_kind() {
    for (value, expected) in [
        (
            r#"{"page":"<b>]]>&\r\n"}"#,
            "<root><![CDATA[<b>]]]]><![CDATA[>&]]>&#13;<![CDATA[\n]]></root>",
        ),
        // An attribute is in a namespace by its prefix alone; a prefix is declared once.
        (
            r#"{"s":1,"t":2,"y":3,"z":4}"#,
            "<root xmlns:ns0=\"urn:x\" ns0:s=\"1\" xmlns:ns1=\"urn:x\" ns1:t=\"2\" \
             xmlns:y=\"urn:y\" y:y=\"3\" y:z=\"4\"></root>",
        ),
        (
            r#"{"group":{"a":1,"b":2}}"#,
            "<root a=\"1\"><b>2</b></root>",
        ),
        (
            r#"{"ordered":["x","between","y",null]}"#,
            "<root><list><tag>x</tag>between<list>y</list>\
             <list xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></list></root>",
        ),
    ] {
        let request = Request::post("/", &no_headers())
            .xml(&json(value), &NODES)
            .build()
            .unwrap();
        let text = body(&request);
        let (_, root) = text.split_once("?>").unwrap();
        assert_eq!(root, expected, "{value}");
    }
}

#[test]
fn xml_parts_follow_their_hints() {
    let request = Request::post("/", &no_headers())
        .part_type("pet", "application/xml")
        .part_xml("pet", &PET)
        .multipart(&json(r#"{"pet":{"id":7}}"#))
        .build()
        .unwrap();
    assert!(body(&request).contains("<pet xmlns=\"urn:pets\" id=\"7\"></pet>"));
}
