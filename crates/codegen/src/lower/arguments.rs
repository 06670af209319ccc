//! One operation's arguments: parameters and body, from the wire to the struct and back.

use toolwright_document::Json;

use super::body::BodyPlan;
use super::hoist::Hoisted;
use super::naming::is_owned;
use super::parameter;
use super::shape::{Owner, Place, Shape, Slot};
use super::shapes::Shapes;
use super::style;
use super::types::{Settled, about, fields, plain};
use crate::ir::{Args, Call, Expr, Field, Placed, Struct};
use crate::model::{Location, Operation, Parameter};
use crate::names::{ArgumentName, Ident, argument_names};
use crate::problem::Problems;
use crate::report::{ParameterReport, Report};
use crate::schema::{Graph, Id, Root, Types};
use crate::toolset::{Choices, ToolChoice};

/// A parameter on its way.
#[derive(Debug)]
struct Argument {
    /// Its place in the operation's list.
    index: usize,
    name: String,
    id: Id,
    slot: Option<(Slot, style::Form)>,
    /// A query parameter that carries an API key, which the operator may fill.
    key: bool,
    notes: Vec<(&'static str, Json)>,
    mirror: Option<String>,
}

/// An operation on its way.
pub(super) struct Plan<'d> {
    arguments: Vec<Argument>,
    /// Name, place and `required` of the parameters, by the operation's list.
    wires: Vec<(String, Location, bool)>,
    /// Header parameters that the caller or the operator fills, by the operation's list.
    callers: Vec<usize>,
    server: Option<String>,
    accept: Option<String>,
    pub(super) body: Option<BodyPlan<'d>>,
    /// Where the body is the arguments themselves.
    pub(super) hoisted: Option<Hoisted>,
}

impl<'d> Plan<'d> {
    /// Names the arguments and asks for their schemas.
    pub(super) fn new(
        operation: &Operation<'d>,
        choices: &Choices,
        choice: &ToolChoice,
        graph: &mut Graph<'d>,
        problems: &mut Problems,
    ) -> Self {
        let is_callers = |parameter: &Parameter<'_>| {
            parameter.location == Location::Header
                && !parameter.ignored
                && !is_owned(&parameter.name)
                && choices.is_caller_header(&parameter.name)
        };
        let takes = |parameter: &Parameter<'_>| {
            let framing = parameter.location == Location::Header && is_owned(&parameter.name);
            !(parameter.ignored || framing || is_callers(parameter))
        };
        for parameter in operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Header)
        {
            if !parameter.ignored && is_owned(&parameter.name) {
                let message = format!(
                    "the header `{}` is not a caller's to set; it is no argument",
                    parameter.name
                );
                problems.notice(parameter.at, message);
            }
        }
        let taken: Vec<usize> = (0..operation.parameters.len())
            .filter(|at| takes(&operation.parameters[*at]))
            .collect();
        let callers = (0..operation.parameters.len())
            .filter(|at| is_callers(&operation.parameters[*at]))
            .collect();
        let body = operation
            .body
            .as_ref()
            .and_then(|body| BodyPlan::new(body, choice, graph));
        let mut wished: Vec<ArgumentName<'_>> = taken
            .iter()
            .map(|at| &operation.parameters[*at])
            .map(|parameter| ArgumentName {
                name: &parameter.name,
                place: Some(parameter.location),
            })
            .collect();
        if body.is_some() {
            wished.push(ArgumentName {
                name: "body",
                place: None,
            });
        }
        let names = argument_names(&wished);
        let arguments = taken
            .iter()
            .zip(names)
            .map(|(&index, name)| {
                let parameter = &operation.parameters[index];
                let schema = parameter
                    .schema
                    .as_ref()
                    .and_then(|schema| graph.add(schema));
                Argument {
                    index,
                    name,
                    id: schema.unwrap_or_else(|| {
                        graph.simple(parameter.at, parameter::default_type(parameter))
                    }),
                    slot: None,
                    key: parameter.location == Location::Query
                        && choices.query_keys.contains(&parameter.name),
                    notes: parameter::notes(parameter, problems),
                    mirror: parameter::mirror(parameter),
                }
            })
            .collect();
        let wires = operation.parameters.iter().map(|parameter| {
            (
                parameter.name.clone(),
                parameter.location,
                parameter.required,
            )
        });
        Plan {
            arguments,
            wires: wires.collect(),
            callers,
            server: operation.servers.first().map(|server| server.url.clone()),
            accept: super::body::accept(operation),
            hoisted: body
                .as_ref()
                .and_then(|body| body.hoist(operation, choice, graph)),
            body,
        }
    }

    /// After the schemas are read: what only they can tell.
    pub(super) fn finish(
        &mut self,
        operation: &Operation<'d>,
        graph: &mut Graph<'d>,
        problems: &mut Problems,
        report: &mut Report,
    ) {
        for argument in &mut self.arguments {
            let parameter = &operation.parameters[argument.index];
            let lost = style::lost(&parameter.items, parameter.at, &parameter.name);
            report.losses.extend(lost);
            if parameter::is_hand_written(parameter, graph, argument.id) {
                let text =
                    parameter::hand_written(parameter, graph, argument.id, &mut argument.notes);
                parameter::unseen(parameter, graph, argument.id, problems, report);
                argument.id = text;
            }
            // `null` sends an empty value where a string could not be empty (`allowEmptyValue`).
            if parameter.allow_empty_value
                && !graph.merged(argument.id).types().contains(Types::STRING)
            {
                argument.id = graph.nullable(argument.id);
            }
        }
        if let (Some(plan), Some(body)) = (&mut self.body, &operation.body) {
            plan.finish(body, graph, problems, report);
        }
    }

    /// Chooses the types.
    pub(super) fn shape(&mut self, shapes: &mut Shapes<'_, 'd>, owner: Owner, tool: &str) {
        let Owner::Tool(number) = owner else { return };
        let place = Place {
            owner,
            identity: format!("tool {number} {tool}"),
            text: tool.to_owned(),
        };
        for argument in &mut self.arguments {
            let shape = shapes.shape(argument.id, &place.below(&argument.name));
            let form = shapes.form(&shape);
            argument.slot = Some((shapes.parameter(shape), form));
        }
        if let Some(body) = &mut self.body {
            body.shape(shapes, &place.below("body"));
        }
    }

    /// The arguments for the schema view.
    pub(super) fn roots(&self) -> Vec<Root> {
        let mut roots: Vec<Root> = self
            .arguments
            .iter()
            .map(|argument| {
                let mut notes = argument.notes.clone();
                notes.extend(
                    argument
                        .mirror
                        .iter()
                        .map(|name| ("x-mcp-header", Json::from(name.as_str()))),
                );
                let required = self
                    .wires
                    .get(argument.index)
                    .is_some_and(|(.., required)| *required);
                Root {
                    name: argument.name.clone(),
                    id: argument.id,
                    required,
                    notes,
                }
            })
            .collect();
        roots.extend(self.body.as_ref().map(BodyPlan::root));
        roots
    }

    /// What the parameters among the arguments are called.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|argument| argument.name.as_str())
    }

    /// For the report: every parameter, those included that the caller or the operator fills.
    pub(super) fn reported(&self) -> Vec<ParameterReport> {
        let report = |(index, wire): (usize, &(String, Location, bool))| {
            let (name, location, required) = wire;
            let mut arguments = self.arguments.iter();
            let argument = arguments.find(|argument| argument.index == index);
            if argument.is_none() && !self.callers.contains(&index) {
                return None;
            }
            let place = match location {
                Location::Path => "path",
                Location::Query => "query",
                Location::QueryString => "querystring",
                Location::Header => "header",
                Location::Cookie => "cookie",
            };
            Some(ParameterReport {
                name: name.clone(),
                place: place.to_owned(),
                argument: argument.map(|argument| argument.name.clone()),
                required: *required,
            })
        };
        self.wires.iter().enumerate().filter_map(report).collect()
    }

    /// Headers that the caller or the operator fills, and whether the description requires them.
    pub(super) fn caller_headers(&self) -> Vec<(String, bool)> {
        let header = |index: &usize| {
            let (name, _, required) = self.wires.get(*index)?;
            Some((name.clone(), *required))
        };
        self.callers.iter().filter_map(header).collect()
    }

    pub(super) fn body_report(&self) -> Option<(String, bool)> {
        self.body
            .as_ref()
            .map(|body| (body.media_type.clone(), body.required))
    }

    pub(super) fn unused_types(&self) -> Vec<String> {
        self.body
            .as_ref()
            .map(|body| body.others.clone())
            .unwrap_or_default()
    }

    /// Headers or cookies that arguments fill.
    pub(super) fn placed(&self, place: Location) -> Vec<Placed> {
        self.placed_where(|_, location| location == place)
    }

    /// API keys in the query that arguments fill.
    pub(super) fn keys(&self) -> Vec<Placed> {
        self.placed_where(|argument, _| argument.key)
    }

    fn placed_where(&self, fits: impl Fn(&Argument, Location) -> bool) -> Vec<Placed> {
        let placed = |argument: &Argument| {
            let (name, location, _) = self.wires.get(argument.index)?;
            fits(argument, *location).then(|| Placed {
                name: name.clone(),
                argument: argument.name.clone(),
            })
        };
        self.arguments.iter().filter_map(placed).collect()
    }

    /// The struct of the arguments, and the calls that use its fields.
    pub(super) fn code(
        &self,
        types: &Settled,
        ident: Option<&Ident>,
        operation: &Operation<'d>,
    ) -> (Args, Vec<Call>) {
        let mut wires: Vec<&str> = self.names().collect();
        wires.extend(self.body.as_ref().map(|_| "body"));
        let idents = fields(wires.iter().copied());
        let mut calls = Vec::new();
        calls.extend(self.server.iter().map(|url| Call {
            method: "server",
            values: vec![Expr::Text(url.clone())],
        }));
        if let (Some(_), Some(body)) = (&self.hoisted, &self.body) {
            calls.extend(self.accept_call());
            calls.extend(body.calls(Expr::Fixed("&body".to_owned())));
            return (Args::Body(body.ty(types)), calls);
        }
        let mut list = Vec::new();
        for (argument, field) in self.arguments.iter().zip(&idents) {
            let Some((slot, form)) = &argument.slot else {
                continue;
            };
            let parameter = &operation.parameters[argument.index];
            let (method, style) = style::call(parameter, *form);
            let mut values: Vec<Expr> = style.into_iter().map(Expr::Fixed).collect();
            if parameter.location != Location::QueryString {
                values.push(Expr::Text(parameter.name.clone()));
            }
            values.push(Expr::Argument(field.clone()));
            calls.extend(super::encoding::of_query(parameter));
            calls.push(Call { method, values });
            // The operator or the caller may fill these instead; the schema says what is required.
            let weak =
                argument.key || matches!(parameter.location, Location::Header | Location::Cookie);
            let nullable = parameter.allow_empty_value && matches!(slot.shape, Shape::Maybe(_));
            let slot = match nullable {
                true => Slot {
                    json: false,
                    shape: Shape::Any,
                },
                false => slot.clone(),
            };
            let text = argument
                .notes
                .iter()
                .find(|(name, _)| *name == "description");
            let text = text.and_then(|(_, text)| text.as_str());
            list.push(Field {
                ident: field.clone(),
                wire: argument.name.clone(),
                doc: about(text, || {
                    format!(
                        "{} `{}`.",
                        parameter::kind(parameter.location),
                        plain(&parameter.name)
                    )
                }),
                ty: types.slot(&slot, weak || !parameter.required),
            });
        }
        calls.extend(self.accept_call());
        if let (Some(body), Some(field)) = (&self.body, idents.last()) {
            calls.extend(body.calls(Expr::Argument(field.clone())));
            list.push(body.field(field, types));
        }
        let args = match ident.filter(|_| !list.is_empty()) {
            None => Args::None,
            Some(ident) => Args::Fields(Struct {
                ident: ident.clone(),
                fields: list,
            }),
        };
        (args, calls)
    }

    fn accept_call(&self) -> Option<Call> {
        let accept = self.accept.as_ref()?;
        Some(Call {
            method: "accept",
            values: vec![Expr::Text(accept.clone())],
        })
    }
}
