//! `familylab serve`: opens a node, answers, and stops in order.

use crate::app::{App, Contents};
use crate::config::Settings;
use crate::federation::{Schedule, Watch};
use crate::publish::Exporter;
use crate::web::{has_style, router};
use anyhow::Context;
use axum::serve::ListenerExt;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

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
    // Or the end of an answer waits for the client to confirm its beginning, up to 40 ms.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection will answer late");
        }
    });
    let stop_wait = Duration::from_secs_f64(settings.stop_wait.clamp(0.0, 3600.0));
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics were set up twice")?;
    tokio::spawn(upkeep(handle.clone()));
    let app = App::open(settings, contents).await?;
    if !has_style() {
        tracing::warn!("built without the styles and scripts of the site: pages are plain");
    }
    if app.settings.admin_token.is_none() {
        tracing::warn!("no admin token is set (FAMILYLAB_ADMIN_TOKEN): nobody can write over HTTP");
    }
    let stop = stop_on_signal().context("stop signals cannot be heard")?;
    if let Err(error) = announce(&app, &address.to_string()) {
        tracing::warn!(%error, "the address could not be printed; the node serves all the same");
    }
    let dataset = app.dataset.clone();
    let halt = oxigraph::sparql::CancellationToken::new();
    let follower = app.inference.clone().map(|rules| tokio::spawn(rules.follow(halt.clone())));
    let indexer =
        app.search.as_ref().map(|search| tokio::spawn(search.follower().follow(halt.clone())));
    let publisher =
        app.publication.clone().map(|publication| tokio::spawn(publication.follow(halt.clone())));
    let exporter = match app.publication.clone() {
        Some(publication) => {
            let pause = Duration::from_secs_f64(app.settings.export_pause.clamp(0.0, 1e6));
            Some(tokio::spawn(Exporter::new(publication, pause)?.follow(halt.clone())))
        }
        None => None,
    };
    let pause = Duration::from_secs_f64(app.settings.peer_pause.clamp(0.0, 1e6));
    let watch = Watch::new(app.peers.clone(), pause);
    let watch = (!pause.is_zero()).then(|| tokio::spawn(watch.follow(halt.clone())));
    let pause = Duration::from_secs_f64(app.settings.harvest_pause.clamp(0.0, 1e7));
    let harvests = app.harvests.clone();
    let harvester = harvests
        .clone()
        .map(|harvests| tokio::spawn(Schedule::new(harvests, pause).follow(halt.clone())));
    let takedowns = Some(tokio::spawn(app.takedowns.clone().follow(halt.clone())));
    let server = axum::serve(listener, router(app, handle))
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    // Requests that are running may end; then, or after the wait, the data is closed.
    let server = tokio::spawn(async move { server.await });
    let ended = async { server.await? };
    tokio::pin!(ended);
    tokio::select! {
        result = &mut ended => result?,
        () = async { stop.cancelled().await; tokio::time::sleep(stop_wait).await } => {
            tracing::warn!("requests were still running after {stop_wait:?} and were cut off");
        }
    }
    halt.cancel();
    harvests.iter().for_each(crate::federation::Harvests::stop);
    let followers = [follower, indexer, publisher, exporter, watch, harvester, takedowns];
    for follower in followers.into_iter().flatten() {
        follower.abort();
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
fn announce(app: &App, address: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "http://{address}")?;
    writeln!(out)?;
    writeln!(out, "FamilyLab {} is open.", env!("CARGO_PKG_VERSION"))?;
    if !has_style() {
        writeln!(
            out,
            "Built without the site's styles and scripts: pages are plain. `make assets` makes them."
        )?;
    }
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
    out.flush()
}

/// Hears stop signals from now on; cancelled when the first one comes.
fn stop_on_signal() -> std::io::Result<CancellationToken> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let stop = CancellationToken::new();
    let heard = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = interrupted.recv() => {}, _ = terminated.recv() => {} }
        heard.cancel();
    });
    Ok(stop)
}
