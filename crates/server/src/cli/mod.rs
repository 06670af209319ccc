//! The command line.

mod check;
mod client_config;
mod credentials;
mod explain;
mod load;
pub(crate) mod out;
mod scheme;
pub(crate) mod serve;
mod stdio;
mod tools;
mod version;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use toolwright_runtime::Toolset;

/// What a configuration mistake or a wrong command line ends with.
const MISTAKE: u8 = 2;

/// Serves compiled-in OpenAPI tools to AI agents over MCP.
#[derive(Debug, Parser)]
#[command(name = "toolwright", version, arg_required_else_help = false)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Common {
    /// The configuration file
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen, instead of the file's `listen`
    #[arg(long, global = true, value_name = "ADDR:PORT", value_parser = address)]
    listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the configured servers (also without a command)
    Serve,
    /// Serve one client over standard input and output
    Stdio {
        /// Only this server, with bare tool names; may be repeated
        #[arg(long, value_name = "NAME")]
        server: Vec<String>,
    },
    /// Check the configuration and say what it serves
    Check {
        /// Who fills which header of a server, and what no model sees
        #[arg(long, value_name = "SERVER")]
        explain: Option<String>,
    },
    /// List tools: the configured ones, or without a configuration all that are compiled in
    Tools {
        /// Only those of one server
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
        /// As JSON: server, request, upstream, the credentials that the API asks for, and the tool as tools/list shows it
        #[arg(long)]
        json: bool,
    },
    /// Print what to paste into a client
    ClientConfig {
        /// The client
        #[arg(long)]
        client: client_config::Client,
        /// How it reaches the tools
        #[arg(long, default_value = "http")]
        transport: client_config::Transport,
        /// Only one server
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
        /// Where the client reaches the gateway, instead of the file's `listen`
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
    /// Print the version
    Version {
        /// Also what it was built from: commit, toolsets with source, digest and generator, protocol versions
        #[arg(long)]
        verbose: bool,
        /// All of it as JSON
        #[arg(long, conflicts_with = "verbose")]
        json: bool,
    },
    /// See a caller's header reach an API: starts an API and the gateway, makes the calls, keeps serving
    Demo {
        /// End after the calls; exit code 0 only if they came out as they must
        #[arg(long)]
        once: bool,
    },
}

fn address(text: &str) -> Result<SocketAddr, String> {
    crate::config::address(text)
        .ok_or_else(|| "write ADDRESS:PORT, such as 127.0.0.1:4000".to_owned())
}

/// Runs the program with these toolsets compiled in.
///
/// The exit code is 0 after an orderly end, 2 for a mistake in the command line or the configuration, 1 for
/// everything else.
pub fn main(toolsets: &'static [&'static Toolset]) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(MISTAKE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let common = cli.common;
    let outcome = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&common, toolsets),
        Command::Check { explain } => check::run(&common, toolsets, explain.as_deref()),
        Command::Stdio { server } => stdio::run(&common, toolsets, &server),
        Command::Tools { server, json } => tools::run(&common, toolsets, server.as_deref(), json),
        Command::ClientConfig {
            client,
            transport,
            server,
            url,
        } => {
            let (server, url) = (server.as_deref(), url.as_deref());
            client_config::run(&common, toolsets, client, transport, server, url)
        }
        Command::Version { verbose, json } => {
            match json {
                true => version::json(toolsets),
                false => version::run(toolsets, verbose),
            }
            Ok(())
        }
        Command::Demo { once } => {
            crate::demo::run(toolsets, common.listen, once).map_err(End::Failure)
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::Mistake(text)) => {
            out::complain(&text);
            ExitCode::from(MISTAKE)
        }
        Err(End::Failure(text)) => {
            out::complain(&text);
            ExitCode::FAILURE
        }
    }
}

/// Why the program ends early.
enum End {
    /// Something that whoever started it wrote is wrong.
    Mistake(String),
    /// Anything else.
    Failure(String),
}
