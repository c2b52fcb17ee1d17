//! The server: one application per worker thread, on this machine or beyond.
//!
//! Invariant: an address others can reach is listened on only if there are accounts, and only over TLS or behind a proxy that
//! was named, unless the operator says plainly that it may go unencrypted. All of it is checked before a socket is opened.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Error, HttpServer, web};
use chrono::Utc;
use rustls::ServerConfig;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::admission::admit;
use super::extract::BodyDeadline;
use super::guard::guard;
use super::ingress::Ingress;
use super::rates::{RateLimits, Rates};
use super::routes::{self, Published};
use super::state::Service;
use super::tls::{TlsError, TlsFiles};
use crate::app::accounts;
use crate::app::error::AppError;
use crate::app::jobs::{self, Clock, Queue, Workers};
use crate::app::{DatabaseUrl, Db, os, work};
use crate::domain::text::Text;
use crate::pages::{self, Pages};
use crate::telemetry;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0} is not a loopback address and there are no accounts")]
    NoAccounts(SocketAddr),
    #[error("{0} would be reached without encryption")]
    Unencrypted(SocketAddr),
    #[error("TLS")]
    Tls(#[from] TlsError),
    #[error("the database")]
    Accounts(#[source] AppError),
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("no metrics can be kept")]
    Metrics(#[from] telemetry::TelemetryError),
    #[error("the OpenAPI document cannot be written")]
    Document(#[from] serde_json::Error),
}

impl ServeError {
    /// What to tell a person.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NoAccounts(address) => Text::new(
                format!(
                    "不能监听 {address}：还没有账号，服务只在本机开放。请改用 127.0.0.1，或先用 wangjia user add 建立管理员账号。"
                ),
                format!(
                    "Cannot listen on {address}: until accounts exist the service is open on this machine only. Please use \
                     127.0.0.1, or first make an administrator with `wangjia user add`."
                ),
            ),
            Self::Unencrypted(address) => Text::new(
                format!(
                    "不能监听 {address}：未加密的连接会泄露密码，浏览器也不会保存登录。请用 --tls-cert 和 --tls-key，或用 --trusted-proxy \
                     指明前置代理；确需明文请加 --insecure-http。"
                ),
                format!(
                    "Cannot listen on {address}: without encryption passwords can be read on the way and browsers keep no \
                     sign-in. Please give --tls-cert and --tls-key, or name the proxy in front with --trusted-proxy; \
                     --insecure-http does it all the same."
                ),
            ),
            Self::Tls(error) => error.text(),
            Self::Accounts(_) => Text::new(
                "无法读取账号，服务未启动。详情见日志。",
                "The accounts cannot be read, so nothing is served. See the log.",
            ),
            Self::Listen { address, source } => Text::new(
                format!("无法监听 {address}：{}。请检查端口是否已被占用。", os::reason(source).zh),
                format!(
                    "Cannot listen on {address}: {}. Please check whether the port is taken.",
                    os::reason(source).en
                ),
            ),
            Self::Metrics(_) => Text::new("无法启动运行指标。", "Metrics cannot be kept."),
            Self::Document(_) => Text::new("无法生成接口文档。", "The API document cannot be written."),
        }
    }
}

/// Imports and runs take turns: both use all they can get of the database or the cores.
const JOB_WORKERS: usize = 1;

/// How long requests in flight may still take after the signal to stop.
const SHUTDOWN_SECONDS: u64 = 10;

/// What differs between servers.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub body_deadline: BodyDeadline,
    /// Worker threads; one per core unless given.
    pub workers: Option<usize>,
    pub reach: Ingress,
    pub rates: RateLimits,
    /// Certificate and key, if the server speaks TLS itself.
    pub tls: Option<ServerConfig>,
}

/// Where and how to serve.
#[derive(Clone, Debug)]
pub struct Door {
    pub address: SocketAddr,
    /// Names the service is reached by.
    pub hosts: Vec<String>,
    pub proxies: Vec<IpAddr>,
    pub tls: Option<TlsFiles>,
    /// Others may reach it without encryption.
    pub insecure_http: bool,
}

impl Door {
    /// Whether others than this machine's programs can knock.
    #[must_use]
    pub fn is_beyond_loopback(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Refuses an address others could reach without accounts or encryption; reads the certificate.
    ///
    /// # Errors
    /// `NoAccounts`, `Unencrypted`, `Tls`.
    pub fn check(&self, has_accounts: bool) -> Result<Limits, ServeError> {
        if self.is_beyond_loopback() {
            if !has_accounts {
                return Err(ServeError::NoAccounts(self.address));
            }
            if self.tls.is_none() && self.proxies.is_empty() && !self.insecure_http {
                return Err(ServeError::Unencrypted(self.address));
            }
        }
        let tls = self.tls.as_ref().map(TlsFiles::load).transpose()?;
        let ip = self.address.ip().to_canonical();
        let reach = Ingress {
            hosts: self.hosts.clone(),
            address: (!ip.is_unspecified()).then_some(ip),
            proxies: self.proxies.iter().map(IpAddr::to_canonical).collect(),
            tls: tls.is_some(),
        };
        Ok(Limits { reach, tls, ..Limits::default() })
    }
}

/// Opens the socket.
///
/// # Errors
/// `Listen` if the port is taken.
pub fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Listen { address, source })
}

/// The server, ready to be awaited; it ends on SIGINT or SIGTERM after the requests in flight.
///
/// # Errors
/// `Listen` if the socket cannot be used; `Metrics`; `Document`.
pub fn server(service: &Service, listener: TcpListener, limits: Limits) -> Result<Server, ServeError> {
    let address =
        listener.local_addr().map_err(|source| ServeError::Listen { address: ([127, 0, 0, 1], 0).into(), source })?;
    let published = Published::new()?;
    // Before the first request, or it and all up to the first scrape would be counted by nobody.
    telemetry::metrics_handle()?;
    let service = web::Data::new(service.clone());
    let reach = web::Data::new(limits.reach);
    let rates = web::Data::new(Rates::new(limits.rates));
    let body_deadline = limits.body_deadline;
    let mut server = HttpServer::new(move || app(&service, &published, (&reach, &rates), body_deadline))
        .keep_alive(Duration::from_secs(30))
        .client_request_timeout(Duration::from_secs(10))
        .client_disconnect_timeout(Duration::from_secs(5))
        .shutdown_timeout(SHUTDOWN_SECONDS);
    if let Some(workers) = limits.workers {
        server = server.workers(workers);
    }
    let server = match limits.tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls),
        None => server.listen(listener),
    };
    let server = server.map_err(|source| ServeError::Listen { address, source })?;
    Ok(server.run())
}

/// The pages show the same database on the same day as the API.
#[must_use]
pub fn pages(service: &web::Data<Service>) -> web::Data<Pages> {
    let (today, now) = (service.clone(), service.clone());
    web::Data::new(Pages {
        db: service.db.clone(),
        today: Arc::new(move || today.today()),
        now: Arc::new(move || now.now()),
        sign_in: service.sign_in.clone(),
        permits: service.permits.clone(),
        jobs: service.jobs.clone(),
    })
}

/// Opens the socket, starts the job workers and serves until SIGINT or SIGTERM. `ready` is told the address.
///
/// # Errors
/// Those of [`Door::check`], [`listen`] and [`server`].
pub fn serve(db: Db, door: &Door, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let limits = door.check(db.read(accounts::any).map_err(ServeError::Accounts)?)?;
    let listener = listen(door.address)?;
    let address = listener.local_addr().unwrap_or(door.address);
    let listen_error = |source| ServeError::Listen { address, source };
    let clock: Clock = Arc::new(Utc::now);
    let queue = Queue::default();
    free_interrupted(&db);
    let workers = Workers::start(&db, &queue, &clock, work::perform, JOB_WORKERS).map_err(listen_error)?;
    let service = Service::new(db, queue, clock);
    let result = actix_web::rt::System::new().block_on(async {
        let server = server(&service, listener, limits)?;
        ready(address);
        server.await.map_err(listen_error)
    });
    drop(workers);
    result
}

/// On SQLite no other process works on this database: what stands as running was cut off and may begin again at once. On
/// PostgreSQL another process may be at it, so its lease has to run out.
fn free_interrupted(db: &Db) {
    if !matches!(db.url(), DatabaseUrl::Sqlite(_)) {
        return;
    }
    // Without it the jobs wait for their lease; that is no reason not to serve.
    if let Err(error) = db.write(jobs::free_all) {
        tracing::warn!(error = error.for_log(), "interrupted jobs wait for their lease");
    }
}

/// The application of one worker.
fn app(
    service: &web::Data<Service>,
    published: &Published,
    (reach, rates): (&web::Data<Ingress>, &web::Data<Rates>),
    body_deadline: BodyDeadline,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Response = ServiceResponse<impl MessageBody + use<>>,
        Config = (),
        InitError = (),
        Error = Error,
    > + use<>,
> {
    // Swagger UI's own files only: its badge would be fetched from another host.
    let docs = Config::new(["/openapi.json"]).validator_url("none");
    let (app, _) = App::new()
        .app_data(service.clone())
        .app_data(published.methods.clone())
        .app_data(published.document.clone())
        .app_data(published.doors.clone())
        .app_data(reach.clone())
        .app_data(rates.clone())
        .app_data(body_deadline)
        .into_utoipa_app()
        .configure(routes::list)
        .split_for_parts();
    app.app_data(pages(service))
        .configure(pages::configure)
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(docs))
        .default_service(web::to(routes::fallback))
        .wrap(from_fn(admit))
        .wrap(Compress::default())
        .wrap(from_fn(guard))
        .wrap(from_fn(telemetry::observe))
        .wrap(telemetry::root_span())
}
