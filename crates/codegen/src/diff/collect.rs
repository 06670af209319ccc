//! From a description to a [`Snapshot`]: what the compiler makes of it, and what the description says beside that.

use std::collections::HashMap;

use toolwright_document::{Cursor, Json, Kind};

use super::copy::Copier;
use super::snapshot::{BodySnapshot, HiddenText, ParameterSnapshot, Snapshot, ToolSnapshot};
use crate::compile::{compile, prepared};
use crate::load::{self, Documents};
use crate::model::{Location, Operation, Parameter, Response, Server};
use crate::problem::Problems;
use crate::report::{Report, ToolReport};
use crate::text::{clean, one_line};
use crate::toolset;
use crate::{Compiled, Input, version};

/// Compiles a description and takes stock of its tools.
///
/// # Errors
/// The report of the compiler, when it has an error: what cannot be compiled cannot be compared.
pub fn snapshot(input: &Input<'_>) -> Result<Snapshot, Box<Report>> {
    let compiled = compile(input);
    let found = read(input, &compiled);
    found.ok_or_else(|| Box::new(compiled.report))
}

fn read(input: &Input<'_>, compiled: &Compiled) -> Option<Snapshot> {
    let output = compiled.output.as_ref()?;
    // What is wrong has been reported by the compiler.
    let mut quiet = Problems::new(false);
    let (file, overlaid) = prepared(input, &mut quiet)?;
    let files = overlaid.as_ref().map_or(input.files, |files| files);
    let documents = load::load(files, input.entry, &mut quiet)?;
    let mut api = version::read_api(&documents, &mut quiet)?;
    toolset::choose(&file, &mut api).ok()?;
    let mut listed = listed(output.files.iter());
    let mut copier = Copier::new(&documents);
    let operations: HashMap<(&str, &str), &Operation<'_>> = api
        .operations
        .iter()
        .map(|operation| {
            (
                (operation.method.as_str(), operation.path.as_str()),
                operation,
            )
        })
        .collect();
    let tools = compiled.report.tools.iter().map(|report| {
        let operation = operations
            .get(&(report.method.as_str(), report.path.as_str()))
            .copied();
        let listed = listed.remove(&report.name).unwrap_or_default();
        tool(report, operation, listed, &mut copier)
    });
    let tools = tools.collect();
    let servers = match input.url {
        Some(url) => vec![url.to_owned()],
        None => urls(&api.servers),
    };
    Some(Snapshot {
        title: clean(&api.title).0.into_owned(),
        version: clean(&api.version).0.into_owned(),
        description: clean(api.description.as_deref().unwrap_or_default())
            .0
            .into_owned(),
        servers,
        schemes: super::schemes::shown(&api),
        tools,
        answers: copier.finish(),
        hidden: hidden(&documents),
    })
}

/// What `tools/list` shows, by the name of the tool.
fn listed<'f>(files: impl Iterator<Item = (&'f String, &'f String)>) -> HashMap<String, Json> {
    let mut listed = HashMap::new();
    for (_, text) in files.filter(|(path, _)| path.ends_with(".json")) {
        let Ok(Json::Array(tools)) = Json::parse(text) else {
            continue;
        };
        for tool in tools {
            if let Some(name) = tool.get("name").and_then(Json::as_str) {
                listed.insert(name.to_owned(), tool);
            }
        }
    }
    listed
}

fn tool<'d>(
    report: &ToolReport,
    operation: Option<&Operation<'d>>,
    mut listed: Json,
    copier: &mut Copier<'d>,
) -> ToolSnapshot {
    let text = |listed: &Json, key: &str| listed.get(key).and_then(Json::as_str).map(str::to_owned);
    let input = listed.remove("inputSchema").unwrap_or_default();
    // What answers look like is compared by the description, which has all of them.
    listed.remove("outputSchema");
    let annotations = match listed.remove("annotations") {
        Some(Json::Object(members)) => members.into_iter().collect(),
        _ => Default::default(),
    };
    let parameters: Vec<ParameterSnapshot> = report
        .parameters
        .iter()
        .map(|parameter| ParameterSnapshot {
            name: parameter.name.clone(),
            place: parameter.place.clone(),
            argument: parameter.argument.clone().unwrap_or_default(),
            required: parameter.required,
            style: operation.map_or_else(String::new, |it| {
                style(it, &parameter.name, &parameter.place)
            }),
        })
        .collect();
    let body = report.body.as_ref().map(|(content_type, required)| {
        let names = input.get("properties").and_then(Json::as_object);
        let mut names = names.into_iter().flat_map(|members| members.keys());
        // The one argument that no parameter fills.
        let own = names.find(|name| {
            !report
                .parameters
                .iter()
                .any(|parameter| parameter.argument.as_deref() == Some(name.as_str()))
        });
        BodySnapshot {
            content_type: content_type.clone(),
            argument: (!report.hoisted).then(|| own.cloned().unwrap_or_else(|| "body".to_owned())),
            required: *required,
        }
    });
    ToolSnapshot {
        name: report.name.clone(),
        operation_id: report.operation_id.clone(),
        method: report.method.clone(),
        path: report.path.clone(),
        servers: operation.map_or_else(Vec::new, |operation| urls(&operation.servers)),
        parameters,
        body,
        output: operation.and_then(|operation| answer(&operation.responses, copier)),
        security: operation.map_or_else(Vec::new, |operation| {
            super::schemes::asked(&operation.security)
        }),
        annotations,
        title: text(&listed, "title"),
        description: text(&listed, "description").unwrap_or_default(),
        input,
    }
}

fn urls(servers: &[Server]) -> Vec<String> {
    servers.iter().map(|server| server.url.clone()).collect()
}

fn style(operation: &Operation<'_>, name: &str, place: &str) -> String {
    let same =
        |parameter: &&Parameter<'_>| parameter.name == name && word(parameter.location) == place;
    operation
        .parameters
        .iter()
        .find(same)
        .map(written)
        .unwrap_or_default()
}

fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::QueryString => "querystring",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// `form, exploded`, or a media type.
fn written(parameter: &Parameter<'_>) -> String {
    if let Some(media_type) = &parameter.media_type {
        return one_line(media_type, 80);
    }
    let mut out = format!("{:?}", parameter.style).to_ascii_lowercase();
    if parameter.explode {
        out.push_str(", exploded");
    }
    if parameter.allow_reserved {
        out.push_str(", reserved characters kept");
    }
    out
}

/// The schema of the first successful answer that is JSON.
fn answer<'d>(responses: &[Response<'d>], copier: &mut Copier<'d>) -> Option<Json> {
    let mut good: Vec<&Response<'d>> = responses
        .iter()
        .filter(|response| response.status.starts_with('2'))
        .collect();
    good.sort_by(|a, b| a.status.cmp(&b.status));
    let others = responses
        .iter()
        .filter(|response| response.status == "default");
    let media = good
        .into_iter()
        .chain(others)
        .flat_map(|response| &response.content)
        .find(|media| {
            let name = media
                .name
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            name == "application/json" || name.ends_with("+json") || name == "*/*"
        })?;
    copier.copy(media.schema.as_ref()?)
}

/// Texts of the description in which characters are hidden.
fn hidden(documents: &Documents) -> Vec<HiddenText> {
    let mut found = Vec::new();
    for document in documents.documents() {
        let mut waiting: Vec<Cursor<'_>> = vec![document.root()];
        while let Some(node) = waiting.pop() {
            if let Kind::String(text) = node.kind()
                && clean(text).1
            {
                let pointer = format!("#{}", one_line(&node.pointer(), 300));
                found.push(HiddenText {
                    pointer,
                    text: text.to_owned(),
                });
            }
            waiting.extend(node.items());
            waiting.extend(node.entries().map(|(_, value)| value));
        }
    }
    found.sort();
    found
}
