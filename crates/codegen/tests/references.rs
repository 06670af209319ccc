//! References between files, into files, and to nowhere.

use std::collections::BTreeMap;

use toolwright_codegen::load::{Documents, LoadLimits, RefErrorKind, load};
use toolwright_codegen::{Problems, Severity};

const ENTRY: &str = r##"
a: {$ref: 'parts/pet.yaml#/Pet'}
b: {$ref: './parts/../parts/pet.yaml'}
c: {$ref: '#/d~1e/f%20g/1'}
'd/e': {'f g': [x, {name: found}]}
paths: {'/x/{y}': {get: {summary: here}}}
h: {$ref: '#/paths/~1x~1%7By%7D/get'}
i: {$ref: '#/c/name'}
j: {$ref: '#/paths/%2Fx%2F{y}/get'}
remote: {$ref: 'https://a.example/b.yaml#/c'}
outside: {$ref: 'parts/../../c.yaml'}
hidden: {$ref: '%2e%2e/c.yaml'}
absolute: {$ref: '/etc/passwd'}
missing: {$ref: 'parts/none.yaml'}
broken: {$ref: 'parts/broken.yaml'}
typo: {$ref: '#/paths/~1x~1{z}/get'}
loop: {$ref: '#/loop2'}
loop2: {$ref: '#/loop'}
self: {$ref: '#/self'}
properties: {example: {$ref: 'parts/named.yaml'}}
example: {$ref: 'parts/data.yaml'}
"##;

fn files() -> BTreeMap<String, Vec<u8>> {
    let files = [
        ("api/root.yaml", ENTRY),
        (
            "api/parts/pet.yaml",
            "Pet: {properties: {tag: {$ref: '#/Tag'}, up: {$ref: '../root.yaml#/a'}}}\nTag: {type: string}\n",
        ),
        ("api/parts/broken.yaml", "a: [\n"),
        ("api/parts/named.yaml", "type: string\n"),
    ];
    files
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .collect()
}

#[test]
fn references_arrive() {
    let documents = Documents::load(&files(), "api/root.yaml", &LoadLimits::default()).unwrap();
    let root = documents.entry();
    for (pointer, expected) in [
        ("/a", "api/parts/pet.yaml#/Pet"),
        ("/b", "api/parts/pet.yaml#"),
        ("/c", "api/root.yaml#/d~1e/f g/1"),
        ("/h", "api/root.yaml#/paths/~1x~1{y}/get"),
        ("/i", "api/root.yaml#/d~1e/f g/1/name"),
        ("/j", "api/root.yaml#/paths/~1x~1{y}/get"),
        ("/properties/example", "api/parts/named.yaml#"),
        ("/paths", "api/root.yaml#/paths"),
    ] {
        let target = documents
            .follow(root.at(pointer).unwrap())
            .map(|it| format!("{it:?}"));
        assert_eq!(target.as_deref(), Ok(expected), "{pointer}");
    }
    let pet = documents.follow(root.get("a").unwrap()).unwrap();
    for (pointer, expected) in [
        ("/Pet/properties/tag", "api/parts/pet.yaml#/Tag"),
        ("/Pet/properties/up", "api/parts/pet.yaml#/Pet"),
    ] {
        let target = documents
            .follow(pet.at(pointer).unwrap())
            .map(|it| format!("{it:?}"));
        assert_eq!(target.as_deref(), Ok(expected), "{pointer}");
    }
}

#[test]
fn references_to_nowhere_say_why() {
    let documents = Documents::load(&files(), "api/root.yaml", &LoadLimits::default()).unwrap();
    for (key, kind, help) in [
        ("remote", RefErrorKind::Remote, Some("nothing is fetched")),
        (
            "outside",
            RefErrorKind::File {
                path: "c.yaml".to_owned(),
                reason: "there is no such file".to_owned(),
            },
            None,
        ),
        ("absolute", RefErrorKind::Outside, Some("--root")),
        (
            "typo",
            RefErrorKind::Missing {
                near: Some("#/paths/~1x~1{y}/get".to_owned()),
            },
            Some("did you mean"),
        ),
        (
            "loop",
            RefErrorKind::Loop(vec!["#/loop".to_owned()]),
            Some("one of them"),
        ),
        (
            "self",
            RefErrorKind::Loop(vec!["#/self".to_owned()]),
            Some("one of them"),
        ),
    ] {
        let error = documents
            .follow(documents.entry().get(key).unwrap())
            .expect_err(key);
        assert_eq!(error.kind, kind, "{key}");
        assert_eq!(
            error
                .help()
                .is_some_and(|it| it.contains(help.unwrap_or_default())),
            help.is_some(),
            "{error}"
        );
    }
}

#[test]
fn what_is_above_the_root_is_never_asked_for() {
    struct Watched(BTreeMap<String, Vec<u8>>, std::cell::RefCell<Vec<String>>);
    impl toolwright_codegen::Files for Watched {
        fn read(&self, path: &str) -> Result<Vec<u8>, toolwright_codegen::FileError> {
            self.1.borrow_mut().push(path.to_owned());
            self.0.read(path)
        }
    }
    let mut files = files();
    let root = files.remove("api/root.yaml").unwrap();
    files.insert("root.yaml".to_owned(), root);
    let watched = Watched(files, std::cell::RefCell::default());
    let documents = Documents::load(&watched, "root.yaml", &LoadLimits::default()).unwrap();
    for key in ["outside", "hidden", "absolute"] {
        let error = documents
            .follow(documents.entry().get(key).unwrap())
            .expect_err(key);
        assert_eq!(error.kind, RefErrorKind::Outside, "{key}");
    }
    let mut asked = watched.1.into_inner();
    asked.sort();
    // Data is no reference, and each file is read once.
    assert_eq!(
        asked,
        [
            "parts/broken.yaml",
            "parts/named.yaml",
            "parts/none.yaml",
            "parts/pet.yaml",
            // The copy of a document of the network, where it would lie if it had been bundled.
            "remote/https/a.example/b.yaml",
            "root.yaml"
        ]
    );
}

#[test]
fn a_broken_file_is_reported_with_its_line() {
    let mut problems = Problems::new(false);
    load(&files(), "api/root.yaml", &mut problems).unwrap();
    let found = problems
        .list()
        .iter()
        .find(|it| it.file == "api/parts/broken.yaml")
        .unwrap();
    assert_eq!(
        (found.severity, found.position.is_some()),
        (Severity::Warning, true)
    );
}

#[test]
fn identifiers_and_anchors() {
    let text = r##"
$defs:
  a: {$id: 'https://a.example/schemas/a', $defs: {x: {$anchor: here, type: string}}, b: {$ref: '#/$defs/x'}}
  c: {$ref: 'https://a.example/schemas/a#here'}
  d: {$id: 'https://a.example/schemas/d', b: {$ref: a}, e: {$ref: 'a#/$defs/x'}, lax: {$ref: '#/$defs/f'}}
  f: {$anchor: there}
g: {$ref: '#there'}
"##;
    let files = BTreeMap::from([("root.yaml".to_owned(), text.as_bytes().to_vec())]);
    let documents = Documents::load(&files, "root.yaml", &LoadLimits::default()).unwrap();
    for (pointer, expected) in [
        ("/$defs/a/b", "root.yaml#/$defs/a/$defs/x"),
        ("/$defs/c", "root.yaml#/$defs/a/$defs/x"),
        ("/$defs/d/b", "root.yaml#/$defs/a"),
        ("/$defs/d/e", "root.yaml#/$defs/a/$defs/x"),
        ("/$defs/d/lax", "root.yaml#/$defs/f"),
        ("/g", "root.yaml#/$defs/f"),
    ] {
        let node = documents.entry().at(pointer).unwrap();
        assert_eq!(
            documents
                .follow(node)
                .map(|it| format!("{it:?}"))
                .as_deref(),
            Ok(expected),
            "{pointer}"
        );
    }
}

#[test]
fn files_and_bytes_are_bounded() {
    let mut files = BTreeMap::new();
    for number in 0..20 {
        let next = format!("a: {{$ref: '{}.yaml'}}\n", number + 1);
        files.insert(format!("{number}.yaml"), next.into_bytes());
    }
    let limits = LoadLimits {
        max_files: 5,
        ..LoadLimits::default()
    };
    let documents = Documents::load(&files, "0.yaml", &limits).unwrap();
    assert_eq!(documents.documents().count(), 5);
    let limits = LoadLimits {
        max_bytes: 60,
        ..LoadLimits::default()
    };
    let documents = Documents::load(&files, "0.yaml", &limits).unwrap();
    assert_eq!(documents.documents().count(), 3);
}
