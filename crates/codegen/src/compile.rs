//! The way of a description from text to files.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use toolwright_document::{Document, Json, Limits};

use crate::load::{self, Documents, FileError, Files};
use crate::lower::{self, Identity};
use crate::model::{Api, Server};
use crate::problem::{Problem, Problems, Severity};
use crate::render::{render, report};
use crate::report::Report;
use crate::toolset::{self, Choices, Mistake, ToolsetFile};
use crate::version;
use crate::{Compiled, Input, Output};

/// What a maintainer's choices are called in messages.
const CHOICES: &str = "toolset.toml";

/// Compiles a description.
#[must_use]
pub fn compile(input: &Input<'_>) -> Compiled {
    let mut problems = Problems::new(input.strict);
    let mut account = Report::default();
    let file = choices(input, &mut problems);
    let mut output = run(input, &file, &mut problems, &mut account);
    account.problems = problems.into_list();
    if account.has_errors() {
        output = None;
    }
    if let Some(output) = &mut output {
        output
            .files
            .insert("report.md".to_owned(), report(input.name, &account));
    }
    Compiled {
        report: account,
        output,
    }
}

fn run(
    input: &Input<'_>,
    file: &ToolsetFile,
    problems: &mut Problems,
    account: &mut Report,
) -> Option<Output> {
    let overlaid;
    let files: &dyn Files = match file.overlays.is_empty() {
        true => input.files,
        false => {
            overlaid = overlay(input, file, problems)?;
            &overlaid
        }
    };
    let documents = load::load(files, input.entry, problems)?;
    let mut api = version::read_api(&documents, problems)?;
    account.format.clone_from(&api.format);
    account.operations = api.operations.len();
    account.webhooks = api.webhooks;
    account.callbacks = api.callbacks;
    let chosen = match toolset::choose(file, &mut api) {
        Ok(chosen) => chosen,
        Err(mistakes) => {
            report_mistakes(input, &mistakes, problems);
            return None;
        }
    };
    if api.operations.is_empty() && chosen.excluded > 0 {
        let message = format!(
            "`include` and `exclude` leave no operation (the description has {}): the server will have no tool",
            chosen.excluded
        );
        problems
            .push(Problem::of_file(Severity::Warning, CHOICES, message))
            .help("let at least one operation through");
    }
    if let Some(url) = input.url {
        api.servers = vec![Server {
            url: url.to_owned(),
            variables: Vec::new(),
            template: url.to_owned(),
        }];
    }
    let digest = digest(input, file, &documents);
    let identity = Identity {
        name: input.name,
        source: input.source,
        digest: &digest,
        pins: input.pins,
    };
    let mut mistakes = Vec::new();
    let lowered = lower::lower(
        &api,
        &documents,
        &chosen,
        identity,
        problems,
        account,
        &mut mistakes,
    );
    report_mistakes(input, &mistakes, problems);
    accept(&api, &chosen, input, problems, account);
    Some(Output {
        files: render(&lowered),
    })
}

/// The choices, and the files as overlays change them, where there are overlays.
pub(crate) fn prepared<'a>(
    input: &Input<'a>,
    problems: &mut Problems,
) -> Option<(ToolsetFile, Option<Overlaid<'a>>)> {
    let file = choices(input, problems);
    let overlaid = match file.overlays.is_empty() {
        true => None,
        false => Some(overlay(input, &file, problems)?),
    };
    Some((file, overlaid))
}

/// The digest of the description: of its one document, or of a list of them all in the form of `sha256sum`.
fn digest(input: &Input<'_>, file: &ToolsetFile, documents: &Documents) -> String {
    let hex = |bytes: &[u8]| -> String {
        let sum = Sha256::digest(bytes);
        sum.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let loaded = documents.documents().map(|document| document.name());
    let overlays = file.overlays.iter().map(|overlay| overlay.value.as_str());
    let paths: BTreeSet<&str> = loaded.chain(overlays).collect();
    let mut lines = paths.iter().map(|path| {
        let bytes = input.files.read(path).unwrap_or_default();
        (hex(&bytes), path)
    });
    let digest = match paths.len() {
        0 | 1 => lines.next().map(|(hex, _)| hex).unwrap_or_default(),
        _ => {
            let list: String = lines
                .map(|(hex, path)| format!("{hex}  {path}\n"))
                .collect();
            hex(list.as_bytes())
        }
    };
    format!("sha256:{digest}")
}

fn choices(input: &Input<'_>, problems: &mut Problems) -> ToolsetFile {
    match input.toolset.map(toolset::parse) {
        None => ToolsetFile::default(),
        Some(Ok(file)) => file,
        Some(Err(mistakes)) => {
            report_mistakes(input, &mistakes, problems);
            ToolsetFile::default()
        }
    }
}

fn report_mistakes(input: &Input<'_>, mistakes: &[Mistake], problems: &mut Problems) {
    let text = input.toolset.unwrap_or_default();
    for mistake in mistakes {
        let before = text.get(..mistake.span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let message = format!("line {line}, column {column}: {}", mistake.message);
        problems
            .push(Problem::of_file(Severity::Error, CHOICES, message))
            .help
            .clone_from(&mistake.help);
    }
}

/// Losses are failures until the maintainer accepts them by name; what is accepted must be there.
fn accept(
    api: &Api<'_>,
    chosen: &Choices,
    input: &Input<'_>,
    problems: &mut Problems,
    account: &Report,
) {
    let _ = api;
    for loss in &account.losses {
        let pointer = format!("#{}", loss.pointer);
        let accepted = chosen
            .accept
            .iter()
            .any(|spot| covers(&spot.value, &pointer));
        if !accepted {
            let mut problem = Problem::of_file(
                Severity::Error,
                &loss.file,
                format!("loss: {}", loss.message),
            );
            problem.pointer.clone_from(&loss.pointer);
            problems.push(problem).help(format!(
                "accept it in toolset.toml: accept = [\"{pointer}\"]"
            ));
        }
    }
    let idle = chosen.accept.iter().filter(|spot| {
        !account
            .losses
            .iter()
            .any(|loss| covers(&spot.value, &format!("#{}", loss.pointer)))
    });
    let mistakes: Vec<Mistake> = idle
        .map(|spot| Mistake {
            span: spot.span.clone(),
            message: format!("there is no loss at or below `{}`", spot.value),
            help: Some("take the entry out".to_owned()),
        })
        .collect();
    report_mistakes(input, &mistakes, problems);
}

fn covers(accepted: &str, pointer: &str) -> bool {
    pointer
        .strip_prefix(accepted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The files with the entry file changed by overlays.
pub(crate) struct Overlaid<'a> {
    files: &'a dyn Files,
    entry: &'a str,
    text: Vec<u8>,
}

impl Files for Overlaid<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match path == self.entry {
            true => Ok(self.text.clone()),
            false => self.files.read(path),
        }
    }
}

fn overlay<'a>(
    input: &Input<'a>,
    file: &ToolsetFile,
    problems: &mut Problems,
) -> Option<Overlaid<'a>> {
    let mut description = read(input, input.entry, problems)?;
    let before = problems.len();
    for overlay in &file.overlays {
        let Some(document) = parse(input, &overlay.value, problems) else {
            continue;
        };
        let Err(mistakes) = toolset::apply_overlay(document.root(), &mut description) else {
            continue;
        };
        for (pointer, message) in mistakes {
            let mut problem = Problem::of_file(Severity::Error, &overlay.value, message);
            problem.pointer = pointer.trim_start_matches('#').to_owned();
            problems.push(problem);
        }
    }
    let text = description.pretty().into_bytes();
    (problems.len() == before).then_some(Overlaid {
        files: input.files,
        entry: input.entry,
        text,
    })
}

fn read(input: &Input<'_>, path: &str, problems: &mut Problems) -> Option<Json> {
    parse(input, path, problems).map(|document| document.root().to_json())
}

fn parse(input: &Input<'_>, path: &str, problems: &mut Problems) -> Option<Document> {
    let bytes = match input.files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            problems.push(Problem::of_file(Severity::Error, path, error.to_string()));
            return None;
        }
    };
    match Document::parse(path, &bytes, &Limits::default()) {
        Ok(document) => Some(document),
        Err(error) => {
            problems.push(Problem::from(&error));
            None
        }
    }
}
