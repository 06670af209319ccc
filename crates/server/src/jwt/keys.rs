//! The keys of an issuer (RFC 7517), from a file or a URL, fetched again as they rotate.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;
use tokio::sync::Mutex;
use toolwright_runtime::{Document, Secret, Source};

const MAX_BYTES: usize = 256 << 10;
const MAX_KEYS: usize = 64;

/// How old keys may be, and how often they are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Keys this old are fetched again at the next use.
    pub(super) fresh: Duration,
    /// Keys this old are used no longer, whatever keeps the issuer from being asked.
    pub(super) last: Duration,
    /// The least time between two fetches, so that made-up key ids cost the issuer nothing.
    pub(super) pause: Duration,
}

const PACE: Pace = Pace {
    fresh: Duration::from_secs(600),
    last: Duration::from_secs(3600),
    pause: Duration::from_secs(10),
};

/// A signature algorithm (RFC 7518 §3.1, RFC 8037). Those with shared secrets, and none at all, are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS #1 v1.5 with SHA-256.
    Rs256,
    /// RSA PKCS #1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS #1 v1.5 with SHA-512.
    Rs512,
    /// RSA PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

/// All of them by name.
const ALGORITHMS: [(&str, Algorithm); 7] = [
    ("RS256", Algorithm::Rs256),
    ("RS384", Algorithm::Rs384),
    ("RS512", Algorithm::Rs512),
    ("PS256", Algorithm::Ps256),
    ("ES256", Algorithm::Es256),
    ("ES384", Algorithm::Es384),
    ("EdDSA", Algorithm::EdDsa),
];

impl Algorithm {
    /// The algorithm of this name.
    pub fn parse(name: &str) -> Option<Algorithm> {
        let found = ALGORITHMS.iter().find(|(own, _)| *own == name);
        found.map(|(_, algorithm)| *algorithm)
    }

    /// All names.
    pub fn names() -> [&'static str; 7] {
        ALGORITHMS.map(|(name, _)| name)
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
            _ => None,
        }
    }
}

/// A public key, for the algorithms of its own kind alone.
#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm that its owner wants it used with.
    only: Option<Algorithm>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa(Vec<u8>, Vec<u8>),
    /// The algorithm that the curve stands for, and the point.
    Curve(Algorithm, Vec<u8>),
}

impl Key {
    fn parse(key: &Value) -> Option<Key> {
        if key.get("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        let only = match key["alg"].as_str() {
            Some(name) => Some(Algorithm::parse(name)?),
            None => None,
        };
        let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
        let material = match (key["kty"].as_str()?, key["crv"].as_str()) {
            ("RSA", _) => Material::Rsa(part("n")?, part("e")?),
            ("OKP", Some("Ed25519")) => Material::Curve(Algorithm::EdDsa, part("x")?),
            ("EC", Some(curve)) => {
                let (algorithm, length) = match curve {
                    "P-256" => (Algorithm::Es256, 32),
                    "P-384" => (Algorithm::Es384, 48),
                    _ => return None,
                };
                let (x, y) = (part("x")?, part("y")?);
                if x.len() != length || y.len() != length {
                    return None;
                }
                Material::Curve(algorithm, [vec![4], x, y].concat())
            }
            _ => return None,
        };
        Some(Key {
            id: key["kid"].as_str().map(str::to_owned),
            only,
            material,
        })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let kind = match &self.material {
            Material::Rsa(..) => algorithm.rsa().is_some(),
            Material::Curve(own, _) => *own == algorithm,
        };
        kind && self.only.is_none_or(|only| only == algorithm)
    }

    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.material, algorithm.rsa()) {
            (Material::Rsa(n, e), Some(parameters)) => RsaPublicKeyComponents { n, e }
                .verify(parameters, message, signature)
                .is_ok(),
            (Material::Curve(own, point), None) if *own == algorithm => {
                let how: &dyn VerificationAlgorithm = match own {
                    Algorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
                    Algorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
                    _ => &signature::ED25519,
                };
                UnparsedPublicKey::new(how, point)
                    .verify(message, signature)
                    .is_ok()
            }
            _ => false,
        }
    }
}

/// The usable keys of a set; what is not understood is left out (RFC 7517 §5).
fn parse(text: &[u8]) -> Vec<Key> {
    let set: Value = serde_json::from_slice(text).unwrap_or_default();
    let keys = set["keys"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    keys.iter().take(MAX_KEYS).filter_map(Key::parse).collect()
}

/// Where keys come from, and those that are known.
#[derive(Debug)]
pub struct KeySet(From);

#[derive(Debug)]
enum From {
    File(Source),
    Url(Box<(Document, Mutex<Known>, Pace)>),
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Key>,
    fetched: Option<Instant>,
    tried: Option<Instant>,
}

impl KeySet {
    /// The keys in a file, which is read again when it changes.
    pub fn file(source: Source) -> KeySet {
        KeySet(From::File(source))
    }

    /// No key, so that every token is refused.
    pub fn none() -> KeySet {
        KeySet(From::File(Secret::new(String::new()).into()))
    }

    /// Why no token can be checked with the key set that a text is, if so.
    pub fn problem(text: &str, algorithms: &[Algorithm]) -> Option<&'static str> {
        let is_set = serde_json::from_str(text).is_ok_and(|set: Value| set["keys"].is_array());
        if !is_set {
            return Some("is no key set: it is not JSON with a list `keys`");
        }
        let fits = |key: &Key| algorithms.iter().any(|algorithm| key.fits(*algorithm));
        let usable = parse(text.as_bytes()).iter().any(fits);
        (!usable).then_some("holds no public key for signatures of one of the `algorithms`")
    }

    /// The keys at a URL.
    pub fn url(document: Document) -> KeySet {
        KeySet::paced(document, PACE)
    }

    pub(super) fn paced(document: Document, pace: Pace) -> KeySet {
        KeySet(From::Url(Box::new((document, Mutex::default(), pace))))
    }

    /// The keys that may have made a signature; none where they cannot be had.
    pub(super) async fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<Key> {
        let fitting = |keys: &[Key]| -> Vec<Key> {
            let fits = |key: &&Key| {
                key.fits(algorithm)
                    && id.is_none_or(|id| key.id.as_deref().is_none_or(|own| own == id))
            };
            keys.iter().filter(fits).cloned().collect()
        };
        let (document, known, pace) = match &self.0 {
            From::File(source) => {
                let text = source.current();
                return text.map_or_else(
                    |_| Vec::new(),
                    |text| fitting(&parse(text.expose().as_bytes())),
                );
            }
            From::Url(fetched) => &**fetched,
        };
        // Held while the keys are fetched, so that everyone else waits for them.
        let mut known = known.lock().await;
        let within = |time: Option<Instant>, limit| time.is_some_and(|time| time.elapsed() < limit);
        let found = fitting(&known.keys);
        let is_good = within(known.fetched, pace.fresh) && !found.is_empty();
        if is_good || within(known.tried, pace.pause) {
            return if within(known.fetched, pace.last) {
                found
            } else {
                Vec::new()
            };
        }
        known.tried = Some(Instant::now());
        if let Ok(text) = Box::pin(document.fetch(MAX_BYTES)).await {
            let keys = parse(&text);
            if !keys.is_empty() {
                known.keys = keys;
                known.fetched = Some(Instant::now());
            }
        }
        match within(known.fetched, pace.last) {
            true => fitting(&known.keys),
            false => Vec::new(),
        }
    }
}
