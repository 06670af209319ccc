//! What every request is answered from.

use std::sync::Arc;
use std::time::Duration;

use super::guard::Guard;
use crate::access::Access;
use crate::config::Config;
use crate::gateway::Gateway;

/// What the routes share.
#[derive(Debug)]
pub struct App {
    /// What can be called.
    pub gateway: Arc<Gateway>,
    /// Who may call, and what.
    pub access: Access,
    /// Who may call from a browser.
    pub guard: Guard,
    /// Whether the counters are shown elsewhere.
    pub metrics_apart: bool,
    /// How long a caller may take to send a body.
    pub patience: Duration,
}

impl App {
    /// # Errors
    /// As [`Gateway::new`].
    pub fn new(config: Config, guard: Guard) -> Result<App, String> {
        let access = Access::new(Arc::clone(&config.keys), config.jwt.clone());
        let metrics_apart = config.metrics_listen.is_some();
        let patience = config.bounds.caller;
        let gateway = Arc::new(Gateway::new(config)?);
        Ok(App {
            patience,
            gateway,
            access,
            guard,
            metrics_apart,
        })
    }
}
