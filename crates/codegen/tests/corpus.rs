//! Every document of the spec corpus against what an independent reader found in it.

#[cfg(test)]
mod facts;
#[cfg(test)]
mod support;

use support::Folder;
use toolwright_codegen::load::{Documents, load};
use toolwright_codegen::version::read_api;
use toolwright_codegen::{Problems, Severity};

#[test]
fn the_model_agrees_with_the_facts() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let manifest = support::json(&corpus.join("MANIFEST.json"));
    let mut differences = Vec::new();
    let mut operations = 0;
    for spec in manifest["specs"].as_array().unwrap() {
        let name = spec["name"].as_str().unwrap();
        let entry = corpus.join(spec["entry"].as_str().unwrap());
        let root = spec["root"]
            .as_str()
            .map_or(entry.parent().unwrap().to_owned(), |root| corpus.join(root));
        let path = entry
            .strip_prefix(&root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let found = support::json(&corpus.join(format!("facts/{name}.json")));
        let mut problems = Problems::new(false);
        let documents = load(&Folder(root), &path, &mut problems);
        let api = documents
            .as_ref()
            .and_then(|documents: &Documents| read_api(documents, &mut problems));
        for problem in problems
            .list()
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
        {
            differences.push(format!(
                "{name}: error: {} at {}",
                problem.message, problem.pointer
            ));
        }
        if let Some(api) = api {
            operations += api.operations.len();
            facts::compare(name, &api, &found, &mut differences);
        }
    }
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert_eq!(
        operations as u64,
        manifest["operations_total"].as_u64().unwrap()
    );
}
