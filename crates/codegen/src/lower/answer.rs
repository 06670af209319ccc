//! `outputSchema`: what a successful answer looks like, where the description promises JSON and nothing else.

use toolwright_document::Json;

use super::media::{self, Kind};
use super::portable::portable;
use crate::load::Documents;
use crate::model::{Api, MediaType, Operation, Schema};
use crate::problem::Problems;
use crate::schema::{Graph, Id, Types, emit_answer};

/// The most bytes of one output schema. Clients read it, models seldom do; beyond this it costs more than it tells.
const MOST_BYTES: usize = 16 * 1024;

/// The output schemas of all operations. What is wrong with an answer's schema makes no tool worse, so it is reported
/// nowhere: such a part is left open.
pub(super) fn schemas(api: &Api<'_>, documents: &Documents) -> Vec<Option<Json>> {
    let mut graph = Graph::of_answers(documents);
    let wanted: Vec<Option<Vec<Id>>> = api
        .operations
        .iter()
        .map(|operation| alternatives(operation, &mut graph))
        .collect();
    graph.settle(&mut Problems::default());
    wanted
        .into_iter()
        .map(|ids| emitted(&graph, &ids?))
        .collect()
}

/// The schemas of all successes; `None` where one of them is not JSON, has no body, or no schema.
fn alternatives<'d>(operation: &Operation<'d>, graph: &mut Graph<'d>) -> Option<Vec<Id>> {
    // HEAD has no body whatever its answers describe.
    if operation.method == "HEAD" {
        return None;
    }
    let mut ids = Vec::new();
    let successes = operation
        .responses
        .iter()
        .filter(|response| response.status.starts_with('2'));
    for response in successes {
        let id = graph.add(json(&response.content)?)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    (!ids.is_empty()).then_some(ids)
}

/// The schema of the representation that is asked for: JSON is preferred wherever there is some.
fn json<'m, 'd>(content: &'m [MediaType<'d>]) -> Option<&'m Schema<'d>> {
    let any = |media: &&MediaType<'_>| {
        matches!(
            media::essence(&media.name).as_str(),
            "*/*" | "application/*"
        )
    };
    let found = content
        .iter()
        .find(|media| media::kind(&media.name) == Kind::Json)
        .or_else(|| content.iter().find(any))?;
    found.schema.as_ref()
}

fn emitted(graph: &Graph<'_>, ids: &[Id]) -> Option<Json> {
    if ids.iter().all(|id| graph.is_open(*id)) {
        return None;
    }
    let emitted = emit_answer(graph, ids);
    if emitted.cut {
        return None;
    }
    let objects = ids
        .iter()
        .all(|id| graph.merged(*id).types() == Types::OBJECT);
    let schema = match (portable(emitted.schema), objects) {
        // The form that versions before 2026-07-28 know.
        (Json::Object(words), true) if !words.contains_key("type") => {
            let mut schema = Json::object().with("type", "object");
            for (name, word) in words {
                schema.insert(name, word);
            }
            schema
        }
        (schema @ Json::Object(_), _) => schema,
        _ => return None,
    };
    (schema.compact().len() <= MOST_BYTES).then_some(schema)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use toolwright_document::Json;

    use crate::{Input, compile};

    /// The output schema of an operation with these responses.
    fn output(responses: &str) -> Option<String> {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n\
             paths:\n  /a:\n    get:\n      operationId: a\n      responses: {responses}\n\
             components:\n  schemas:\n    Item:\n      type: object\n      required: [id, secret]\n      properties:\n        \
             id: {{type: integer, readOnly: true}}\n        secret: {{type: string, writeOnly: true}}\n        \
             part: {{$ref: '#/components/schemas/Item'}}\n"
        );
        let files = BTreeMap::from([("a.yaml".to_owned(), text.into_bytes())]);
        let input = Input {
            files: &files,
            entry: "a.yaml",
            name: "a",
            source: "a.yaml",
            toolset: None,
            url: None,
            pins: None,
            strict: false,
        };
        let output = compile(&input).output.unwrap();
        let listed = Json::parse(&output.files["src/a.json"]).unwrap();
        let tool = listed.as_array().unwrap().first().unwrap();
        tool.get("outputSchema").map(Json::compact)
    }

    const ITEM: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}";

    #[test]
    fn successes_that_are_json_alone_are_described() {
        let item = output(&format!("{{'200': {{description: a, {ITEM}}}}}")).unwrap();
        assert_eq!(
            item,
            concat!(
                r##"{"type":"object","$ref":"#/$defs/Item","$defs":{"Item":{"type":"object","required":["id"],"##,
                r##""properties":{"id":{"type":"integer"},"part":{"$ref":"#/$defs/Item"}}}}}"##
            )
        );
        let list = output(
            "{2XX: {description: a, content: {application/json: {schema: {type: array, items: {type: string, format: date}}}}}}",
        );
        assert_eq!(
            list.as_deref(),
            Some(r#"{"type":"array","items":{"type":"string"}}"#)
        );
        for responses in [
            "{default: {description: a}}".to_owned(),
            format!("{{default: {{description: a, {ITEM}}}}}"),
            format!("{{'200': {{description: a, {ITEM}}}, '204': {{description: b}}}}"),
            "{'200': {description: a, content: {text/plain: {schema: {type: string}}}}}".to_owned(),
            "{'200': {description: a, content: {application/json: {schema: {}}}}}".to_owned(),
        ] {
            assert_eq!(output(&responses), None, "{responses}");
        }
    }
}
