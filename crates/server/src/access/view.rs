//! What one request can see of an endpoint: what its caller may use, of what it selected.

use toolwright_runtime::Tool;

use super::Caller;

/// The part of an endpoint that a request can see.
#[derive(Clone, Copy, Debug, Default)]
pub struct View<'a> {
    /// Who asks; `None` where nobody is asked for a key.
    pub caller: Option<&'a Caller>,
    /// The servers that the request selected (indices of the gateway's); `None` for all.
    pub selected: Option<&'a [usize]>,
}

impl View<'_> {
    /// Whether everything is seen.
    pub fn is_whole(&self) -> bool {
        self.selected.is_none()
            && self
                .caller
                .is_none_or(|caller| !caller.scope.is_restricted())
    }

    /// Whether anything of a server is seen.
    pub fn shows_server(&self, index: usize, name: &str) -> bool {
        self.selected
            .is_none_or(|selected| selected.contains(&index))
            && self
                .caller
                .is_none_or(|caller| caller.scope.allows_server(name))
    }

    /// Whether a tool is seen, and so may be called.
    pub fn shows(&self, index: usize, server: &str, tool: &Tool) -> bool {
        self.shows_server(index, server)
            && self
                .caller
                .is_none_or(|caller| caller.scope.allows(server, tool))
    }

    /// Tells views apart that show different things.
    pub fn id(&self) -> String {
        let caller = self.caller.filter(|caller| caller.scope.is_restricted());
        let caller = caller.map_or("", |caller| caller.name.as_str());
        format!("{:?} {caller}", self.selected)
    }
}
