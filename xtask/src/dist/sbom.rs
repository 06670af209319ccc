//! The software bill of materials: CycloneDX 1.5, without time and serial number, so that the same sources give the
//! same bytes.

use toolwright_document::Json;

use super::{Graph, Package};

/// The document.
pub(crate) fn render(graph: &Graph) -> String {
    let others = graph
        .packages
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != graph.root);
    let components: Json = others
        .map(|(_, package)| component(package, "library"))
        .collect();
    let dependencies: Json = graph
        .packages
        .iter()
        .map(|package| {
            let below = package
                .dependencies
                .iter()
                .filter_map(|at| graph.packages.get(*at));
            Json::object()
                .with("ref", purl(package))
                .with("dependsOn", below.map(purl).collect::<Json>())
        })
        .collect();
    let root = graph
        .packages
        .get(graph.root)
        .map(|package| component(package, "application"));
    let mut text = Json::object()
        .with("bomFormat", "CycloneDX")
        .with("specVersion", "1.5")
        .with("version", 1_u64)
        .with("metadata", Json::object().with("component", root))
        .with("components", components)
        .with("dependencies", dependencies)
        .pretty();
    text.push('\n');
    text
}

fn component(package: &Package, kind: &str) -> Json {
    let mut json = Json::object()
        .with("type", kind)
        .with("bom-ref", purl(package))
        .with("name", package.name.as_str())
        .with("version", package.version.as_str())
        .with("purl", purl(package));
    if let Some(sum) = &package.checksum {
        let hash = Json::object()
            .with("alg", "SHA-256")
            .with("content", sum.as_str());
        json.insert("hashes", Json::Array(vec![hash]));
    }
    if let Some(licence) = &package.licence {
        // Older packages write `MIT/Apache-2.0` for a choice.
        let licence = licence.replace(" / ", " OR ").replace('/', " OR ");
        json.insert(
            "licenses",
            Json::Array(vec![Json::object().with("expression", licence)]),
        );
    }
    json
}

/// A package URL.
fn purl(package: &Package) -> String {
    // The version of a local package may be that of another one of the same name; no registry knows either.
    let version = package.version.replace('+', "%2B");
    match package.source.as_str() {
        "crates.io" | "local" => format!("pkg:cargo/{}@{version}", package.name),
        other => {
            let at: String = url::form_urlencoded::byte_serialize(other.as_bytes()).collect();
            format!("pkg:cargo/{}@{version}?repository_url={at}", package.name)
        }
    }
}
