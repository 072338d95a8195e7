//! The node's middleware around a handler that answers a constant: what a request costs when
//! there is nothing to look up. Refuses to know what it answers.

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

/// `constant FILE MEDIA-TYPE` prints its address and answers every GET with the file's bytes.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: constant FILE MEDIA-TYPE";
    let body = Bytes::from(std::fs::read(arguments.next().context(usage)?)?);
    let media = arguments.next().context(usage)?;
    let answer = get(async move || ([(header::CONTENT_TYPE, media)], body));
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let routes = Router::new().route("/{*path}", answer);
    Ok(axum::serve(listener, familylab::web::around(routes, handle)).await?)
}
