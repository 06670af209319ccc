//! From a key to the part of the gateway that its holder sees.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Caller, Keys, View};
use crate::gateway::Gateway;
use crate::jwt::Jwt;

/// Parts that are kept at once. Each is small, for what runs is shared; beyond this they are made for each request.
const MAX_PARTS: usize = 256;

/// The most names in one selection.
const MAX_SELECTED: usize = 64;

/// Who may call, and what each of them sees.
#[derive(Debug)]
pub struct Access {
    /// The keys.
    pub keys: Arc<Keys>,
    /// Tokens that are taken as well.
    pub jwt: Option<Arc<Jwt>>,
    parts: Mutex<HashMap<String, Arc<Gateway>>>,
}

/// Why a caller sees nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// A selection names what is not there.
    Unknown,
    /// It names what the caller may not use.
    Forbidden,
    /// It names nothing, or too much.
    Malformed,
}

impl Access {
    /// Access by these keys and tokens; to everyone where there is neither.
    pub fn new(keys: Arc<Keys>, jwt: Option<Arc<Jwt>>) -> Access {
        Access {
            keys,
            jwt,
            parts: Mutex::default(),
        }
    }

    /// Whether nobody is asked for anything.
    pub fn is_open(&self) -> bool {
        self.keys.is_empty() && self.jwt.is_none()
    }

    /// What a caller sees of what is selected: names of servers and groups, with commas between them.
    ///
    /// # Errors
    /// Where the selection names anything that the caller cannot see. Never more is shown than was named.
    pub fn gateway(
        &self,
        whole: &Arc<Gateway>,
        caller: Option<&Caller>,
        selection: Option<&str>,
    ) -> Result<Arc<Gateway>, Unseen> {
        let selected = selection.map(|text| select(whole, text)).transpose()?;
        let view = View {
            caller,
            selected: selected.as_deref(),
        };
        let named = selected.as_deref().unwrap_or_default();
        let is_forbidden = |index: &usize| {
            let server = whole.servers.get(*index);
            server.is_none_or(|server| !view.shows_server(*index, &server.name))
        };
        if named.iter().any(is_forbidden) {
            return Err(Unseen::Forbidden);
        }
        if view.is_whole() {
            return Ok(Arc::clone(whole));
        }
        let id = view.id();
        let lock = || self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = lock().get(&id) {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(whole.part(&view).map_err(|_| Unseen::Malformed)?);
        let mut parts = lock();
        if parts.len() < MAX_PARTS {
            return Ok(Arc::clone(parts.entry(id).or_insert(part)));
        }
        Ok(part)
    }
}

/// The numbers of the servers that a selection names, in their own order.
fn select(whole: &Gateway, text: &str) -> Result<Vec<usize>, Unseen> {
    let mut selected = Vec::new();
    for (count, name) in text.split(',').map(str::trim).enumerate() {
        if name.is_empty() || count >= MAX_SELECTED {
            return Err(Unseen::Malformed);
        }
        let server = whole.servers.iter().position(|server| server.name == name);
        match (server, whole.groups.get(name)) {
            (Some(index), _) => selected.push(index),
            (None, Some(members)) => selected.extend(members),
            (None, None) => return Err(Unseen::Unknown),
        }
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(selected)
}
