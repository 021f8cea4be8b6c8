//! How a PostgreSQL is reached: on this machine, or on others over TLS that is always verified. Begin with [`pool`].
//!
//! An address may name several hosts (`postgres://a,b/office`): the first that takes writes is the one that is spoken to. What is sent to
//! another machine unencrypted, or to somebody who can't prove who it is, is not sent.

use std::future::pending;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ConfigConnectImpl, Connect, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{DatabaseError, Row, Value, WAIT};

/// How many connections are kept.
const CONNECTIONS: usize = 8;

/// How long one host is given to take a connection, before the next is asked.
const CONNECT: Duration = Duration::from_secs(5);

/// And one of the addresses that its name has.
const ONE_ADDRESS: Duration = Duration::from_secs(2);

/// What a connection that was quiet for so long is asked, and how often after that, in order to see whether the other end is still there.
const QUIET: Duration = Duration::from_secs(30);
const ASKED_AGAIN: Duration = Duration::from_secs(10);

/// How long what was sent may go without a sign that it has arrived.
const UNANSWERED: Duration = Duration::from_secs(30);

/// What every connection is told: nothing may take for ever, and whoever has gone away holds up nobody. A statement may read all that 3,000
/// kiosks sent.
const LIMITS: &str =
    "SET lock_timeout = '10s'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'";

/// Connections to the server of an address, with certificates signed by one of the authorities in the file `ca`; without one, only on this
/// machine.
///
/// # Errors
/// [`DatabaseError::Address`], [`DatabaseError::Remote`], [`DatabaseError::Authority`]. Nobody is asked for anything yet.
pub(super) fn pool(address: &str, ca: Option<&Path>) -> Result<Pool, DatabaseError> {
    let mut config: Config = address.parse().map_err(|_| DatabaseError::Address)?;
    let (names, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let hosts = names.len().max(addresses.len());
    // One for all, or one for each.
    let fits = |number: usize| number <= 1 || number == hosts;
    if hosts == 0 || !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() || !fits(ports.len())
    {
        return Err(DatabaseError::Address);
    }
    be_patient(&mut config);
    let manager = if let Some(file) = ca {
        config.ssl_mode(SslMode::Require);
        manager(config, MakeRustlsConnect::new(trusting(file)?))
    } else {
        if let Some(host) = remote(&config) {
            return Err(DatabaseError::Remote(host));
        }
        manager(config, NoTls)
    };
    let limits = Hook::async_fn(|client, _| {
        Box::pin(async move { client.batch_execute(LIMITS).await.map_err(HookError::Backend) })
    });
    let pool = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(CONNECT * u32::try_from(hosts).unwrap_or(1) + CONNECT))
        .recycle_timeout(Some(CONNECT))
        .post_create(limits)
        .build();
    pool.map_err(|_| DatabaseError::Address)
}

fn manager<T>(config: Config, tls: T) -> Manager
where
    T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let recycling = ManagerConfig {
        // A connection that broke while nobody used it must not be the next that is.
        recycling_method: RecyclingMethod::Verified,
    };
    let hosts = Hosts {
        each: each(&config),
        connect: ConfigConnectImpl { tls },
    };
    Manager::from_connect(config, hosts, recycling)
}

/// Asks one host after the other. The library does so too, but waits for ever for one that takes a connection and says nothing, as a machine
/// does whose disk hangs.
struct Hosts<T> {
    /// The address with one of its hosts.
    each: Vec<Config>,
    connect: T,
}

type Connected = Result<(Client, JoinHandle<()>), tokio_postgres::Error>;

impl<T: Connect> Connect for Hosts<T> {
    fn connect(&self, _: &Config) -> Pin<Box<dyn Future<Output = Connected> + Send + '_>> {
        Box::pin(async move {
            let mut refused = None;
            for host in &self.each {
                match timeout(CONNECT, self.connect.connect(host)).await {
                    Ok(Ok(connected)) => return Ok(connected),
                    Ok(Err(error)) => refused = Some(error),
                    Err(_) => {}
                }
            }
            match refused {
                Some(error) => Err(error),
                // None of them has said anything. The pool says that it took too long.
                None => pending().await,
            }
        })
    }
}

/// An address with each of its hosts alone.
fn each(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let one = |place: usize| {
        let mut one = Config::new();
        match hosts.get(place) {
            Some(Host::Tcp(name)) => one.host(name),
            Some(Host::Unix(folder)) => one.host_path(folder),
            None => &mut one,
        };
        if let Some(address) = addresses.get(place) {
            one.hostaddr(*address);
        }
        if let Some(port) = ports.get(place).or(ports.first()) {
            one.port(*port);
        }
        if let Some(user) = config.get_user() {
            one.user(user);
        }
        if let Some(password) = config.get_password() {
            one.password(password);
        }
        if let Some(name) = config.get_dbname() {
            one.dbname(name);
        }
        if let Some(options) = config.get_options() {
            one.options(options);
        }
        if let Some(name) = config.get_application_name() {
            one.application_name(name);
        }
        if let Some(duration) = config.get_connect_timeout() {
            one.connect_timeout(*duration);
        }
        if let Some(duration) = config.get_tcp_user_timeout() {
            one.tcp_user_timeout(*duration);
        }
        if let Some(duration) = config.get_keepalives_interval() {
            one.keepalives_interval(duration);
        }
        if let Some(times) = config.get_keepalives_retries() {
            one.keepalives_retries(times);
        }
        one.keepalives(config.get_keepalives())
            .keepalives_idle(config.get_keepalives_idle())
            .ssl_mode(config.get_ssl_mode())
            .ssl_negotiation(config.get_ssl_negotiation())
            .channel_binding(config.get_channel_binding())
            .target_session_attrs(config.get_target_session_attrs())
            .load_balance_hosts(config.get_load_balance_hosts());
        one
    };
    (0..hosts.len().max(addresses.len())).map(one).collect()
}

/// Sets what the address leaves open.
fn be_patient(config: &mut Config) {
    // Of a primary and those that follow it, only the primary can be worked with.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(ONE_ADDRESS);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(QUIET);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(ASKED_AGAIN);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(3);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(UNANSWERED);
    }
}

/// TLS with whoever has a certificate for the name under which they are asked, from one of these authorities.
fn trusting(file: &Path) -> Result<ClientConfig, DatabaseError> {
    let unusable = || DatabaseError::Authority(file.to_owned());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|_| unusable())? {
        roots
            .add(certificate.map_err(|_| unusable())?)
            .map_err(|_| unusable())?;
    }
    if roots.is_empty() {
        return Err(unusable());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| unusable())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// A server that is reached over a network, if one is named.
fn remote(config: &Config) -> Option<String> {
    let is_here = |host: &str| host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let named = config.get_hosts().iter().find_map(|host| match host {
        Host::Tcp(name) if !is_here(name) => Some(name.clone()),
        _ => None,
    });
    // An address that goes with a name is where the name leads.
    let address = config.get_hostaddrs().iter().find(|address| !address.is_loopback());
    let host = named.or_else(|| address.map(ToString::to_string))?;
    // A password with an "@" is not read as one.
    host.rsplit('@').next().map(ToOwned::to_owned)
}

/// Whether the server has undone what was begun, or is gone, or takes no writes any more: another try, perhaps on another host, may do.
pub(super) fn is_fleeting(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        // Not the server's words, but what became of the connection.
        let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
        // A certificate that is none, or of somebody else, will be so the next time.
        let is_of_the_line =
            cause.is_some_and(|cause| !matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput));
        return error.is_closed() || is_of_the_line;
    };
    let fleeting = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    // Class 08: the connection.
    fleeting.contains(code) || code.code().starts_with("08")
}

/// Whether it is what was begun that the server has undone, and nothing is wrong with the connection.
pub(super) fn is_conflict(error: &tokio_postgres::Error) -> bool {
    let conflicts = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    error.code().is_some_and(|code| conflicts.contains(code))
}

pub(super) async fn query(client: &Object, statement: &Statement, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
    let places: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let rows = client.query(statement, &places).await?;
    Ok(rows.iter().map(Row::of_postgres).collect::<Result<_, _>>()?)
}
