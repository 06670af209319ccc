//! From the model to what is rendered: names settled, schemas shown, types chosen, calls in order.

mod answer;
mod arguments;
mod body;
mod encoding;
mod group;
mod hoist;
mod media;
mod naming;
mod order;
mod parameter;
mod portable;
mod prose;
mod root;
mod security;
mod shape;
mod shapes;
mod style;
mod template;
mod types;
mod xml;

use crate::ir;
use crate::load::Documents;
use crate::model::{Api, Location, Operation};
use crate::names::{Ident, Namer, Role, ToolName, tool_names};
use crate::problem::Problems;
use crate::report::{Loss, Report, ToolReport};
use crate::schema::Graph;
use crate::toolset::{Choices, Mistake};
use arguments::Plan;
use shape::Owner;
use shapes::Shapes;
use std::collections::BTreeMap;

/// What the toolset is called and where it came from.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The folder below `build-specs`.
    pub name: &'a str,
    /// As recorded.
    pub source: &'a str,
    /// `sha256:…` of what was read.
    pub digest: &'a str,
    /// What each tool was called before, by method and path.
    pub pins: Option<&'a BTreeMap<String, String>>,
}

/// The most bytes that one tool's schema may take before a reader is warned.
const HEAVY: usize = 256 * 1024;

/// Lowers a whole description.
pub fn lower<'d>(
    api: &Api<'d>,
    documents: &'d Documents,
    choices: &Choices,
    identity: Identity<'_>,
    problems: &mut Problems,
    report: &mut Report,
    mistakes: &mut Vec<Mistake>,
) -> ir::Toolset {
    let names = names(api, choices, identity.pins, problems);
    let mut graph = Graph::new(documents);
    let mut plans: Vec<Plan<'d>> = Vec::new();
    for (at, operation) in api.operations.iter().enumerate() {
        let choice = choices.tool(at);
        plans.push(Plan::new(operation, choices, &choice, &mut graph, problems));
    }
    graph.settle(problems);
    for (plan, operation) in plans.iter_mut().zip(&api.operations) {
        plan.finish(operation, &mut graph, problems, report);
    }
    for (at, (plan, operation)) in plans.iter().zip(&api.operations).enumerate() {
        let (name, choice) = (names.get(at).map_or("", String::as_str), choices.tool(at));
        root::refuse_type(operation, &choice, name, mistakes);
        plan.refuse_hoisting(&choice, name, &graph, mistakes);
    }
    let mut shapes = Shapes::new(&graph);
    for (at, plan) in plans.iter_mut().enumerate() {
        plan.shape(
            &mut shapes,
            Owner::Tool(at),
            names.get(at).map_or("", String::as_str),
        );
    }
    let types = types::settle(shapes, &names);
    let functions = functions(&names);
    let outputs = answer::schemas(api, documents);
    let statics = xml::statics(&graph, &mut plans, &names);
    let mut tools = Vec::new();
    for (at, ((plan, operation), (name, xml))) in plans
        .iter()
        .zip(&api.operations)
        .zip(names.iter().zip(statics))
        .enumerate()
    {
        let emitted = plan.emitted(&graph, operation, problems);
        let bytes = emitted.schema.compact().len();
        if emitted.cut || bytes > HEAVY {
            let message = match emitted.cut {
                true => {
                    "the schema of the arguments is too large; parts of it are left open".to_owned()
                }
                false => format!(
                    "the schema of the arguments takes {bytes} bytes, more than most models can be given"
                ),
            };
            problems
                .notice(operation.at, message)
                .help("leave the operation out in toolset.toml");
            if emitted.cut {
                report.losses.push(loss(
                    operation,
                    "parts of the arguments' schema are left open: it is too large",
                ));
            }
        }
        let schemas = (emitted.schema, outputs.get(at).cloned().flatten());
        let listed = prose::listed(name, operation, &choices.tool(at), schemas, problems);
        report.tools.push(ToolReport {
            name: name.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            operation_id: operation.operation_id.clone(),
            parameters: plan.reported(),
            body: plan.body_report(),
            hoisted: plan.hoisted.is_some(),
            unused_types: plan.unused_types(),
            bytes: listed.compact().len(),
        });
        let function = functions
            .get(name)
            .cloned()
            .unwrap_or_else(|| Role::Function.ident(name));
        let (args, calls) = plan.code(&types, types.args.get(at), operation);
        let tool = ir::Tool {
            name: name.clone(),
            function,
            method: operation.method.clone(),
            template: template::written(operation),
            security: security::asked(operation),
            doc: prose::function(operation),
            args,
            calls,
            headers: plan.placed(Location::Header),
            cookies: plan.placed(Location::Cookie),
            keys: plan.keys(),
            caller_headers: plan.caller_headers(),
            types: types.of_tool(at),
            xml,
            listed,
        };
        tools.push((group::Key::of(operation), tool));
    }
    let groups = group::group(api, tools);
    let servers: Vec<String> = (api.servers.iter())
        .map(|server| server.url.clone())
        .collect();
    report.servers.clone_from(&servers);
    report.credential_headers = security::headers(api);
    ir::Toolset {
        name: identity.name.to_owned(),
        title: crate::text::one_line(&api.title, 200),
        version: crate::text::one_line(&api.version, 60),
        description: prose::bounded(api.description.as_deref().unwrap_or_default(), 2_000),
        source: identity.source.to_owned(),
        digest: identity.digest.to_owned(),
        servers,
        security: security::schemes(api),
        groups,
        types: types.shared,
    }
}

fn names(
    api: &Api<'_>,
    choices: &Choices,
    pins: Option<&BTreeMap<String, String>>,
    problems: &mut Problems,
) -> Vec<String> {
    let pinned = |operation: &Operation<'_>| {
        pins?
            .get(&format!("{} {}", operation.method, operation.path))
            .map(String::as_str)
    };
    let chosen: Vec<Option<String>> = (0..api.operations.len())
        .map(|at| choices.tool(at).name.map(|name| name.value))
        .collect();
    let tools: Vec<ToolName<'_>> = api
        .operations
        .iter()
        .zip(&chosen)
        .map(|(operation, chosen)| ToolName {
            chosen: chosen.as_deref(),
            id: operation.operation_id.as_deref(),
            method: &operation.method,
            path: &operation.path,
            pinned: pinned(operation),
        })
        .collect();
    let names = tool_names(&tools);
    let mut seen = std::collections::HashMap::new();
    for (name, operation) in names.iter().zip(&api.operations) {
        if let Some(first) = seen.insert(name, operation) {
            let message = format!(
                "the tool name `{name}` is taken by {} {}",
                first.method, first.path
            );
            problems
                .error(operation.at, message)
                .help("give one of them another `name` in toolset.toml");
        }
    }
    names
}

/// Functions are unique in the whole crate, so that a name says which tool is meant.
fn functions(names: &[String]) -> std::collections::BTreeMap<String, Ident> {
    let mut namer = Namer::new(Role::Function);
    names.iter().for_each(|name| namer.wish(name, name));
    namer.names()
}

fn loss(operation: &Operation<'_>, message: impl Into<String>) -> Loss {
    loss_at(operation.at, message)
}

fn loss_at(at: toolwright_document::Cursor<'_>, message: impl Into<String>) -> Loss {
    Loss {
        file: at.document().name().to_owned(),
        pointer: at.pointer(),
        message: message.into(),
    }
}
