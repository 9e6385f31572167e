//! Listens, and lets nobody hold a connection open by being slow.

use std::sync::Arc;

use salvo::conn::TcpListener;
use salvo::fuse::FuseConfig;
use salvo::{Listener, Server, Service};

use super::app::{App, StartError};
use super::router::router;
use crate::config::Patience;

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
    let patience = app.config.patience;
    let mut server = Server::new(acceptor).fuse_config(limits(patience)).max_connections(app.config.connections_most);
    server.http1_mut().max_buf_size(32 * 1024);
    let handle = server.handle();
    tokio::spawn(async move {
        stop.await;
        handle.stop_graceful(patience.stop_within);
    });
    server.serve(service(&app)).await;
    Ok(())
}

fn limits(patience: Patience) -> FuseConfig {
    let mut limits = FuseConfig::default();
    limits.http1_header_timeout = Some(patience.head_within);
    limits.connection_idle_timeout = Some(patience.silence_most);
    limits.write_stall_timeout = Some(patience.stall_most);
    limits.request_body_timeout = Some(patience.body_within);
    limits
}
