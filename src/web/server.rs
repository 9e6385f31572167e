//! Listens, and lets nobody hold a connection open by being slow.

use std::sync::Arc;
use std::time::Duration;

use salvo::conn::TcpListener;
use salvo::fuse::FuseConfig;
use salvo::{Listener, Server, Service};

use super::app::{App, StartError};
use super::router::router;

/// The whole service, for the server and for tests.
pub fn service(app: &Arc<App>) -> Service {
    Service::new(router(app))
}

/// Listens until the process is told to stop, then lets requests under way finish.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(app: Arc<App>, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
    let address = app.config.listen;
    let bound = TcpListener::new(address).try_bind().await;
    let acceptor = bound.map_err(|error| StartError::Listen(address, std::io::Error::other(error.to_string())))?;
    let mut server = Server::new(acceptor).fuse_config(limits()).max_connections(app.config.connections_most);
    server.http1_mut().max_buf_size(32 * 1024);
    let handle = server.handle();
    tokio::spawn(async move {
        stop.await;
        handle.stop_graceful(Duration::from_secs(20));
    });
    server.serve(service(&app)).await;
    Ok(())
}

/// A head within ten seconds, never half a minute of silence, and no body or answer that stands still.
fn limits() -> FuseConfig {
    let mut limits = FuseConfig::default();
    limits.http1_header_timeout = Some(Duration::from_secs(10));
    limits.connection_idle_timeout = Some(Duration::from_secs(30));
    limits.write_stall_timeout = Some(Duration::from_secs(15));
    limits.request_body_timeout = Some(Duration::from_secs(10));
    limits
}
