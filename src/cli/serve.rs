//! `familylab serve`: opens a node, answers, and stops in order.

use crate::app::{App, Contents};
use crate::config::Settings;
use crate::web::router;
use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until a stop signal comes.
pub async fn serve(settings: Settings, demo: bool, bare: bool) -> anyhow::Result<ExitCode> {
    let contents = match (demo, bare) {
        (_, true) => Contents::Bare,
        (true, false) => Contents::Demonstration,
        (false, false) => Contents::Vocabulary,
    };
    // Both are taken before anything is announced, so that a second node fails at once.
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = listener.local_addr()?;
    let stop_wait = Duration::from_secs_f64(settings.stop_wait.clamp(0.0, 3600.0));
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics were set up twice")?;
    tokio::spawn(upkeep(handle.clone()));
    let app = App::open(settings, contents).await?;
    if app.settings.admin_token.is_none() {
        tracing::warn!("no admin token is set (FAMILYLAB_ADMIN_TOKEN): nobody can write over HTTP");
    }
    announce(&app, &address.to_string())?;
    let dataset = app.dataset.clone();
    let server = axum::serve(listener, router(app, handle)).with_graceful_shutdown(stop_signal());
    // Requests that are running may end; then, or after the wait, the data is closed.
    let server = tokio::spawn(async move { server.await });
    let ended = async { server.await? };
    tokio::pin!(ended);
    tokio::select! {
        result = &mut ended => result?,
        () = async { stop_signal().await; tokio::time::sleep(stop_wait).await } => {
            tracing::warn!("requests were still running after {stop_wait:?} and were cut off");
        }
    }
    dataset.close().await?;
    tracing::info!("stopped; everything is on disk");
    Ok(ExitCode::SUCCESS)
}

/// Sums up the times of requests every few seconds, so that they do not pile up in memory where
/// nobody asks for `/metrics`. Ends with the process.
async fn upkeep(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        metrics.run_upkeep();
    }
}

/// The address on the first line, for programs; then where to look, for people.
fn announce(app: &App, address: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "http://{address}")?;
    writeln!(out)?;
    writeln!(out, "FamilyLab {} is open.", env!("CARGO_PKG_VERSION"))?;
    for (path, what) in [
        ("/", "the catalogue, for people"),
        ("/sparql", "SPARQL 1.1 endpoint"),
        ("/q", "named queries"),
        ("/ontology", "the ontology"),
        ("/openapi.json", "every interface described"),
    ] {
        writeln!(out, "  {:<44} {what}", app.base.join(path))?;
    }
    writeln!(out, "Data in {}. Stop with Ctrl+C.", app.settings.data.display())?;
    out.flush()?;
    Ok(())
}

async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        }
        Err(_) => drop(interrupted.await),
    }
}
