//! What may change in the output when something changes in the description, and what must not.

use std::collections::BTreeMap;

use made::{files, run};

#[cfg(test)]
mod made {
    use std::collections::BTreeMap;

    use toolwright_codegen::{Compiled, Input, compile};

    pub(crate) fn run(spec: &str) -> Compiled {
        let files = BTreeMap::from([("spec.json".to_owned(), spec.as_bytes().to_vec())]);
        compile(&Input {
            files: &files,
            entry: "spec.json",
            name: "sample",
            source: "spec.json",
            toolset: None,
            url: None,
            pins: None,
            strict: false,
        })
    }

    /// The files, without what names the description by its digest.
    pub(crate) fn files(spec: &str) -> BTreeMap<String, String> {
        let compiled = run(spec);
        let Some(output) = compiled.output else {
            panic!("{}", compiled.report.render())
        };
        let plain = |text: String| -> String {
            text.lines()
                .filter(|line| !line.contains("digest: "))
                .map(|line| format!("{line}\n"))
                .collect()
        };
        let files = output.files.into_iter();
        files
            .filter(|(path, _)| path != "report.md")
            .map(|(path, text)| (path, plain(text)))
            .collect()
    }
}

fn api(paths: &str, schemas: &str) -> String {
    format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "T", "version": "1"}}, "paths": {{{paths}}},
            "components": {{"schemas": {{{schemas}}}}}}}"#
    )
}

fn get(path: &str, id: &str, parameters: &str) -> String {
    format!(
        r#""{path}": {{"get": {{"operationId": "{id}", "tags": ["t"], "parameters": [{parameters}],
            "responses": {{"200": {{"description": "ok"}}}}}}}}"#
    )
}

fn query(name: &str) -> String {
    format!(
        r#"{{"name": "{name}", "in": "query", "description": "D.", "schema": {{"type": "string"}}}}"#
    )
}

#[test]
fn one_optional_parameter_is_three_lines_in_two_hunks() {
    let before = api(
        &get("/a", "list_a", &[query("first"), query("second")].join(",")),
        "",
    );
    let after = api(
        &get(
            "/a",
            "list_a",
            &[query("first"), query("between"), query("second")].join(","),
        ),
        "",
    );
    let (before, after) = (files(&before), files(&after));
    for (path, text) in &after {
        let old: Vec<&str> = before[path].lines().collect();
        let new: Vec<&str> = text.lines().collect();
        let added: Vec<usize> = (0..new.len())
            .filter(|at| !old.contains(&new[*at]))
            .collect();
        match path.as_str() {
            "src/t.rs" => {
                assert_eq!(new.len(), old.len() + 3);
                // The doc line is the same as its neighbours', so two of the three are new texts.
                let texts: Vec<&str> = added.iter().map(|at| new[*at].trim()).collect();
                assert_eq!(
                    texts,
                    [
                        ".query(\"between\", &args.between)",
                        "pub between: Option<String>,"
                    ]
                );
            }
            "src/t.json" => assert_eq!(new.len(), old.len() + 4),
            _ => assert_eq!(old, new, "{path}"),
        }
    }
}

#[test]
fn the_order_of_components_and_operations_names_nothing() {
    let body = r##"{"post": {"operationId": "create", "requestBody": {"content": {"application/json": {"schema":
        {"allOf": [{"$ref": "#/components/schemas/B"}, {"$ref": "#/components/schemas/A"}]}}}},
        "responses": {"200": {"description": "ok"}}}}"##;
    let a = r##""A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"},
        "inner": {"type": "object", "properties": {"x": {"type": "string"}}}}}"##;
    let b = r##""B": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"},
        "inner": {"type": "object", "properties": {"y": {"type": "string"}}}}}"##;
    let first = get("/x", "same_name", "");
    let second = get("/y", "SameName", "");
    let post = format!(r#""/z": {body}"#);
    let one = files(&api(
        &[first.clone(), second.clone(), post.clone()].join(","),
        &format!("{a},{b}"),
    ));
    let other = files(&api(
        &[first.clone(), second.clone(), post.clone()].join(","),
        &format!("{b},{a}"),
    ));
    assert_eq!(one, other);
    let turned = files(&api(&[post, second, first].join(","), &format!("{a},{b}")));
    let names = |files: &BTreeMap<String, String>| {
        let lines = files.values().flat_map(|text| text.lines());
        let mut names: Vec<String> = lines
            .filter(|line| line.starts_with("pub "))
            .map(str::to_owned)
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&one), names(&turned));
}

#[test]
fn nesting_and_chains_have_no_end_that_hurts() {
    // A chain of references, each object holding the next.
    let chain: Vec<String> = (0..10_000)
        .map(|at| {
            format!(
                r##""S{at}": {{"type": "object", "properties": {{"next": {{"$ref": "#/components/schemas/S{}"}}}}}}"##,
                (at + 1) % 10_000
            )
        })
        .collect();
    let body = r##"{"post": {"operationId": "create", "requestBody": {"content": {"application/json": {"schema":
        {"$ref": "#/components/schemas/S0"}}}}, "responses": {"200": {"description": "ok"}}}}"##;
    let compiled = run(&api(&format!(r#""/z": {body}"#), &chain.join(",")));
    assert!(compiled.output.is_some(), "{}", compiled.report.render());
    // A chain of references and nothing else, one of arrays, one of allOf.
    for kind in [
        "{\"$ref\": R}",
        "{\"type\": \"array\", \"items\": {\"$ref\": R}}",
        "{\"allOf\": [{\"$ref\": R}]}",
    ] {
        let chain: Vec<String> = (0..3_000)
            .map(|at| {
                let next = format!("\"#/components/schemas/S{}\"", at + 1);
                format!("\"S{at}\": {}", kind.replace('R', &next))
            })
            .collect();
        let schemas = format!("{}, \"S3000\": {{\"type\": \"string\"}}", chain.join(","));
        let compiled = run(&api(&format!(r#""/z": {body}"#), &schemas));
        // A bound may refuse it, but then it says so.
        let refused = compiled.report.has_errors();
        assert!(compiled.output.is_some() || refused, "{kind}");
    }
}

/// Each level would be a type of its own, were it not known from further out.
#[test]
fn a_schema_that_holds_itself_through_a_composition_ends() {
    let compositions = [
        "allOf: [{$ref: '#/components/schemas/Pet'}]",
        "allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {since: {type: string}}}]",
        "anyOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]",
    ];
    for friend in compositions {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /pets:\n    put:\n      operationId: put_pet\n      requestBody: {{content: {{application/json: {{schema: {{allOf: [{{$ref: '#/components/schemas/Pet'}}]}}}}}}}}\n      responses: {{}}\ncomponents:\n  schemas:\n    Pet: {{type: object, properties: {{friend: {{{friend}}}}}}}\n"
        );
        assert!(files(&text).contains_key("src/pets.rs"), "{friend}");
    }
}
