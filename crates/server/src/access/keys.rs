//! Gateway keys. What is kept of a key is its digest; a presented key is compared with all of them in constant time.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use toolwright_runtime::Source;

use super::Caller;

type Sum = [u8; 32];

/// All keys of a gateway.
#[derive(Debug, Default)]
pub struct Keys(Vec<Key>);

/// A key and who has it.
#[derive(Debug)]
pub struct Key {
    caller: Arc<Caller>,
    held: Held,
}

#[derive(Debug)]
enum Held {
    Digest(Sum),
    /// In a file, which may change.
    File(Source),
}

impl Key {
    /// A key as it is sent.
    pub fn new(caller: Caller, key: &Source) -> Result<Key, toolwright_runtime::Error> {
        let held = match key.is_file() {
            true => Held::File(key.clone()),
            false => Held::Digest(sum(key.current()?.expose())),
        };
        let caller = Arc::new(caller);
        Ok(Key { caller, held })
    }

    /// A key of which only the SHA-256 is known.
    pub fn from_digest(caller: Caller, digest: Sum) -> Key {
        let (caller, held) = (Arc::new(caller), Held::Digest(digest));
        Key { caller, held }
    }

    /// Whether two keys are the same now, so that one of them would never be found.
    pub fn is_same(&self, other: &Key) -> bool {
        self.digest().is_some_and(|own| other.digest() == Some(own))
    }

    /// A file that cannot be read any more holds no key.
    fn digest(&self) -> Option<Sum> {
        match &self.held {
            Held::Digest(digest) => Some(*digest),
            Held::File(source) => source.current().ok().map(|key| sum(key.expose())),
        }
    }
}

impl Keys {
    /// These keys.
    pub fn new(keys: Vec<Key>) -> Keys {
        Keys(keys)
    }

    /// Whether there is none, so that nobody is asked for one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who has this key. The time it takes does not depend on which key it is or how much of one it resembles.
    pub fn find(&self, presented: &str) -> Option<Arc<Caller>> {
        let presented = sum(presented);
        let mut found = None;
        for key in &self.0 {
            let same = match key.digest() {
                Some(digest) => digest.ct_eq(&presented),
                None => Choice::from(0),
            };
            if bool::from(same) {
                found = Some(&key.caller);
            }
        }
        found.cloned()
    }

    /// The keys as they are now, for many questions at once: those in files are looked at here.
    pub fn now(&self) -> Digests {
        Digests(self.0.iter().filter_map(Key::digest).collect())
    }

    /// The names of all callers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.caller.name.as_str())
    }
}

/// What is known of all keys at one time.
#[derive(Clone)]
pub struct Digests(Vec<Sum>);

impl Digests {
    /// Whether a word is a key, whoever's. How long it takes says nothing about the keys.
    pub fn contain(&self, word: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let word = sum(word);
        let same = self.0.iter().map(|digest| digest.ct_eq(&word));
        same.fold(Choice::from(0), |found, same| found | same)
            .into()
    }
}

fn sum(key: &str) -> Sum {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests {
    use toolwright_runtime::Secret;

    use super::*;
    use crate::access::Scope;

    fn caller(name: &str) -> Caller {
        Caller {
            name: name.to_owned(),
            scope: Scope::everything(),
            rate: None,
            by_token: false,
        }
    }

    #[test]
    fn row_64_keys_are_digests_and_found_by_the_whole_key_alone() {
        let plain = Source::from(Secret::new("canary-1"));
        let keys = Keys::new(vec![
            Key::new(caller("a"), &plain).unwrap(),
            Key::from_digest(caller("b"), sum("canary-2")),
        ]);
        for (presented, name) in [
            ("canary-1", Some("a")),
            ("canary-2", Some("b")),
            ("canary-", None),
            ("canary-11", None),
            ("Canary-1", None),
            ("", None),
        ] {
            let found = keys.find(presented);
            let found = found.as_deref().map(|caller| caller.name.as_str());
            assert_eq!(found, name, "{presented}");
            assert_eq!(keys.now().contain(presented), name.is_some(), "{presented}");
        }
        assert!(!format!("{keys:?}").contains("canary"));
    }
}
