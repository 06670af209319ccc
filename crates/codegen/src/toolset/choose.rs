//! A [`ToolsetFile`] held against the operations of a spec.

use globset::{GlobBuilder, GlobMatcher};
use openapiv3::APIKeyLocation;

use super::{Filter, Mistake, Spot, ToolChoice, ToolsetFile, callers, unmatched};
use crate::model::{Api, Operation};

/// What was chosen, in the order of the operations that are left.
#[derive(Debug, Default)]
pub struct Choices {
    /// One entry per operation of the [`Api`], at the same index.
    pub tools: Vec<ToolChoice>,
    /// Names of header parameters that are never arguments: chosen, or those of API keys.
    pub caller_headers: Vec<String>,
    /// Names of query parameters that carry API keys.
    pub query_keys: Vec<String>,
    /// Pointers (with a leading `#`) of accepted losses.
    pub accept: Vec<Spot<String>>,
    /// How many operations the filters left out.
    pub excluded: usize,
}

impl Choices {
    /// The choice for the operation at `index`.
    #[must_use]
    pub fn tool(&self, index: usize) -> ToolChoice {
        self.tools.get(index).cloned().unwrap_or_default()
    }

    /// Whether a header parameter is marked as the caller's.
    #[must_use]
    pub fn is_caller_header(&self, name: &str) -> bool {
        self.caller_headers
            .iter()
            .any(|header| header.eq_ignore_ascii_case(name))
    }
}

/// Drops the operations that `file` leaves out and resolves its other entries.
///
/// # Errors
/// Every entry that matches nothing, with the nearest name that exists.
pub fn choose(file: &ToolsetFile, api: &mut Api<'_>) -> Result<Choices, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let include = Matcher::new(&file.include, api, &mut mistakes);
    let exclude = Matcher::new(&file.exclude, api, &mut mistakes);
    let mut chosen: Vec<Option<(&str, &ToolChoice)>> = vec![None; api.operations.len()];
    for (selector, choice) in &file.tools {
        let found: Vec<usize> = (0..api.operations.len())
            .filter(|i| selects(&selector.value, &api.operations[*i]))
            .collect();
        match found.as_slice() {
            [] => mistakes.push(unmatched("operation", selector, operation_names(api))),
            [index] => match chosen[*index] {
                None => chosen[*index] = Some((&selector.value, choice)),
                Some((first, _)) => mistakes.push(Mistake::new(
                    &selector.span,
                    format!("`{}` and `{first}` are one operation", selector.value),
                    Some(format!("put all its choices under `{first}`")),
                )),
            },
            _ => mistakes.push(Mistake::new(
                &selector.span,
                format!("`{}` names {} operations", selector.value, found.len()),
                Some("name one of them as \"METHOD /path\"".to_owned()),
            )),
        }
    }
    let caller_headers = callers::choose(file, api, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let before = api.operations.len();
    let keep: Vec<bool> = api
        .operations
        .iter()
        .map(|operation| {
            (include.is_empty() || include.matches(operation)) && !exclude.matches(operation)
        })
        .collect();
    let mut flags = keep.iter();
    api.operations
        .retain(|_| flags.next().copied().unwrap_or(true));
    let tools = chosen
        .into_iter()
        .zip(&keep)
        .filter(|(_, keep)| **keep)
        .map(|(chosen, _)| chosen.map_or_else(ToolChoice::default, |(_, choice)| choice.clone()));
    Ok(Choices {
        tools: tools.collect(),
        caller_headers,
        query_keys: api
            .api_keys(APIKeyLocation::Query)
            .map(str::to_owned)
            .collect(),
        accept: file.accept.clone(),
        excluded: before - api.operations.len(),
    })
}

/// Whether `selector` is the operation's id, or its `METHOD /path`.
fn selects(selector: &str, operation: &Operation<'_>) -> bool {
    operation.operation_id.as_deref() == Some(selector)
        || selector.split_once(' ').is_some_and(|(method, path)| {
            operation.method.eq_ignore_ascii_case(method) && operation.path == path.trim()
        })
}

fn operation_names<'a>(api: &'a Api<'_>) -> impl Iterator<Item = &'a str> {
    api.operations
        .iter()
        .filter_map(|operation| operation.operation_id.as_deref())
}

struct Matcher<'f> {
    filter: &'f Filter,
    paths: Vec<GlobMatcher>,
}

impl<'f> Matcher<'f> {
    fn new(filter: &'f Filter, api: &Api<'_>, mistakes: &mut Vec<Mistake>) -> Self {
        let mut paths = Vec::new();
        for glob in &filter.paths {
            // The braces of a path template are characters here, not alternatives.
            let pattern = glob.value.replace('{', "[{]").replace('}', "[}]");
            match GlobBuilder::new(&pattern).literal_separator(true).build() {
                Ok(matcher) => paths.push(matcher.compile_matcher()),
                Err(error) => {
                    let message = format!("`{}` is no glob: {}", glob.value, error.kind());
                    mistakes.push(Mistake::new(&glob.span, message, None));
                }
            }
        }
        let matcher = Self { filter, paths };
        if matcher.paths.len() == filter.paths.len() {
            matcher.report_unmatched(api, mistakes);
        }
        matcher
    }

    fn is_empty(&self) -> bool {
        let Filter {
            tags,
            methods,
            paths,
            operations,
        } = self.filter;
        tags.is_empty() && methods.is_empty() && paths.is_empty() && operations.is_empty()
    }

    fn matches(&self, operation: &Operation<'_>) -> bool {
        let Filter {
            tags,
            methods,
            operations,
            ..
        } = self.filter;
        tags.iter().any(|tag| operation.tags.contains(&tag.value))
            || methods
                .iter()
                .any(|method| method.value.eq_ignore_ascii_case(&operation.method))
            || self.paths.iter().any(|glob| glob.is_match(&operation.path))
            || operations
                .iter()
                .any(|selector| selects(&selector.value, operation))
    }

    fn report_unmatched(&self, api: &Api<'_>, mistakes: &mut Vec<Mistake>) {
        let any = |test: &dyn Fn(&Operation<'_>) -> bool| api.operations.iter().any(test);
        let Filter {
            tags,
            methods,
            paths,
            operations,
        } = self.filter;
        for tag in tags
            .iter()
            .filter(|tag| !any(&|o| o.tags.contains(&tag.value)))
        {
            let names = api
                .operations
                .iter()
                .flat_map(|o| &o.tags)
                .map(String::as_str);
            mistakes.push(unmatched("tag", tag, names));
        }
        for method in methods
            .iter()
            .filter(|m| !any(&|o| o.method.eq_ignore_ascii_case(&m.value)))
        {
            mistakes.push(unmatched(
                "method",
                method,
                api.operations.iter().map(|o| o.method.as_str()),
            ));
        }
        for (glob, _) in paths
            .iter()
            .zip(&self.paths)
            .filter(|(_, glob)| !any(&|o| glob.is_match(&o.path)))
        {
            mistakes.push(unmatched(
                "path",
                glob,
                api.operations.iter().map(|o| o.path.as_str()),
            ));
        }
        for selector in operations
            .iter()
            .filter(|s| !any(&|o| selects(&s.value, o)))
        {
            mistakes.push(unmatched("operation", selector, operation_names(api)));
        }
    }
}
