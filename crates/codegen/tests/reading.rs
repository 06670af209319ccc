//! Small descriptions with one thing wrong: what is said, and what remains.

use std::collections::BTreeMap;

use toolwright_codegen::load::load;
use toolwright_codegen::version::read_api;
use toolwright_codegen::{Problems, Severity};

/// What a description reads as, in short: operations with parameters and bodies, then problems.
fn read(text: &str, strict: bool) -> (Vec<String>, Vec<String>) {
    let files = BTreeMap::from([("a.yaml".to_owned(), text.as_bytes().to_vec())]);
    let mut problems = Problems::new(strict);
    let mut operations = Vec::new();
    if let Some(documents) = load(&files, "a.yaml", &mut problems)
        && let Some(api) = read_api(&documents, &mut problems)
    {
        for operation in &api.operations {
            let parameters = operation.parameters.iter().map(|it| {
                let required = if it.required { "!" } else { "" };
                format!(
                    " {:?}:{}{required}={:?}/{}",
                    it.location, it.name, it.style, it.explode
                )
            });
            let body = operation
                .body
                .iter()
                .flat_map(|body| body.content.iter().map(|it| format!(" {}", it.name)));
            let all: String = parameters.chain(body).collect();
            operations.push(format!("{} {}{all}", operation.method, operation.path));
        }
    }
    let said = problems.list().iter().map(|it| {
        let severity = if it.severity == Severity::Error {
            "error"
        } else {
            "warning"
        };
        format!("{severity} {}: {}", it.pointer, it.message)
    });
    (operations, said.collect())
}

fn v3(paths: &str) -> String {
    format!(
        "openapi: 3.2.0\ninfo: {{title: t, version: '1'}}\ncomponents: {{parameters: {{P: {{name: p, in: query}}}}}}\npaths:\n{paths}"
    )
}

fn v2(rest: &str) -> String {
    format!("swagger: 2.0\ninfo: {{title: t, version: 1}}\n{rest}")
}

#[test]
fn pieces_are_mended_or_left_out() {
    for (text, operations, problems) in [
        (
            v3(
                "  /a/{id}:\n    parameters: [{name: id, in: path, required: true}, {$ref: '#/components/parameters/P'}]\n    get: {parameters: [{name: p, in: query, required: true, explode: false}]}\n",
            ),
            &["GET /a/{id} Path:id!=Simple/false Query:p!=Form/false"][..],
            &[][..],
        ),
        (
            v3(
                "  /a/{id}:\n    get: {parameters: [{name: other, in: path, required: true}, {in: query}, {name: x, in: Query}, {name: y, in: body}, 5]}\n  /b: {get: {}}\n",
            ),
            &[
                "GET /a/{id} Query:x=Form/true Path:id!=Simple/false",
                "GET /b",
            ],
            &[
                "/get/parameters/1: a parameter without a `name`",
                "/2: `in` of the parameter",
                "/3: the parameter `y` is left out",
                "/4: a parameter must be an object",
                "the path `/a/{id}` has no place",
                "the parameter `id` of the path",
            ],
        ),
        (
            v3(
                "  /a:\n    query: {}\n    GET: {}\n    additionalOperations: {COPY: {}, 'B D': {}}\n  x-b: {get: {}}\n  c: {get: {}}\n",
            ),
            &["QUERY /a", "COPY /a", "GET /c"],
            &[
                "`GET` is no field",
                "`B D` is no method",
                "must begin with `/`",
            ],
        ),
        (
            v3(
                "  /a: {get: {parameters: [{name: q, in: querystring, content: {application/json: {}}}, {name: h, in: header, schema: {type: array}},\n    {name: c, in: cookie}, {name: d, in: query, style: deepObject}]}}\n",
            ),
            &[
                "GET /a QueryString:q=Content/false Header:h=Simple/false Cookie:c=Form/true Query:d=DeepObject/false",
            ],
            &[],
        ),
        (
            v3(
                "  /a?type=x&q={q}: {get: {parameters: [{name: type, in: query}, {name: q, in: query}, {name: type, in: header}]}}\n",
            ),
            &["GET /a?type=x&q={q} Query:q=Form/true Header:type=Simple/false"],
            &["spells out the query parameter `type`"],
        ),
        (
            v3("  /a: {$ref: '#/paths/~1b', get: {summary: own}}\n  /b: {get: {}, put: {}}\n"),
            &["GET /a", "PUT /a", "GET /b", "PUT /b"],
            &[],
        ),
        (
            v3(
                "  /a: {post: {requestBody: {content: {'application/json; charset=utf-8': {schema: {}}, text/plain: null}}, tags: one}}\n",
            ),
            &["POST /a application/json; charset=utf-8 text/plain"],
            &["`tags` must be an array"],
        ),
        (
            v2(
                "consumes: [text/csv]\npaths:\n  /a: {post: {parameters: [{name: b, in: body, schema: {}}], responses: {}}, put: {parameters: [{name: f, in: formData, type: file}], responses: {}}}\n",
            ),
            &["POST /a text/csv", "PUT /a multipart/form-data"],
            &[],
        ),
        (
            v2(
                "paths:\n  /a: {get: {parameters: [{name: a, in: query, type: array, collectionFormat: multi}, {name: b, in: query, type: array}, {name: c, in: header, type: array, collectionFormat: tsv}, {name: d, in: query, type: string}], responses: {}}}\n",
            ),
            &[
                "GET /a Query:a=Form/true Query:b=Form/false Header:c=TabDelimited/false Query:d=Form/false",
            ],
            &[],
        ),
    ] {
        let (read, said) = read(&text, false);
        assert_eq!(read, operations, "{text}");
        assert_eq!(said.len(), problems.len(), "{text}\n{said:#?}");
        for expected in problems {
            let fits = |it: &&String| it.starts_with("warning") && it.contains(expected);
            assert!(
                said.iter().any(|it| fits(&it)),
                "{expected} should be in {said:#?}"
            );
        }
    }
}

/// One usable operation is enough to go on; without any, the same problems are errors.
#[test]
fn nothing_usable_is_an_error() {
    let broken = "  /a: {get: {parameters: [{$ref: '#/components/parameters/Q'}]}}\n";
    let (operations, said) = read(&v3(broken), false);
    assert_eq!((operations.len(), said.len()), (1, 1));
    assert!(said.iter().all(|it| it.starts_with("error")), "{said:?}");
    let (operations, said) = read(&v3(&format!("{broken}  /b: {{get: {{}}}}\n")), false);
    assert_eq!(operations, ["GET /a", "GET /b"]);
    assert!(said.iter().all(|it| it.starts_with("warning")), "{said:?}");
    let (_, said) = read(&v3(&format!("{broken}  /b: {{get: {{}}}}\n")), true);
    assert!(said.iter().all(|it| it.starts_with("error")), "{said:?}");
}

#[test]
fn shared_parts_are_bounded() {
    let parameters: String = (0..1000)
        .map(|it| format!("{{name: p{it}, in: query}},"))
        .collect();
    let paths: String = (0..2000)
        .map(|it| format!("  /b{it}: {{$ref: '#/paths/~1a'}}\n"))
        .collect();
    let (operations, said) = read(
        &v3(&format!(
            "  /a: {{parameters: [{parameters}], get: {{}}}}\n{paths}"
        )),
        false,
    );
    assert!(operations.len() < 1100, "{}", operations.len());
    assert!(
        said.iter()
            .any(|it| it.contains("too large once its references are followed")),
        "{said:?}"
    );
}
