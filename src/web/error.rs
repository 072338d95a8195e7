//! Errors as HTTP answers: the only file that knows which error has which status.
//! RFC 9457, problem details.

use crate::engine::EngineError;
use crate::entity::EntityError;
use crate::federation::{FederatedError, PeerError};
use crate::infer::InferError;
use crate::ingest::{BatchError, GatherError, is_full};
use crate::iri::IriError;
use crate::media::Media;
use crate::publish::{CatalogError, PublishError};
use crate::query::{LinkError, ParameterError, RunError, UpdateError};
use crate::schema::Finding;
use crate::sparql::Fault;
use crate::store::{DatasetError, GroupError, LogError};
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::io;

/// The media type of problem details.
pub const PROBLEM: &str = "application/problem+json";

/// Why a request has no better answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    Syntax(String, Fault),
    #[error("{0}")]
    TooMany(String),
    #[error("this needs the header `Authorization: Bearer TOKEN` with the node's admin token")]
    Unauthorized,
    #[error("the admin token is wrong, or this node has none and so takes no writes")]
    Forbidden,
    #[error("there is nothing at {0}")]
    NotFound(String),
    #[error("{0} was deleted; its address is never used again")]
    Gone(String),
    #[error("{0}")]
    TakenDown(String),
    #[error("{method} is not allowed here; use {allowed}")]
    Method { method: String, allowed: String },
    #[error("none of the formats you accept can be written here; there are: {0}")]
    NotAcceptable(String),
    #[error("none of the profiles you accept is known here; there are: {0}")]
    NoProfile(String),
    #[error("{0}")]
    Unsupported(String),
    #[error(
        "the body is packed as {0:?}; send it unpacked, or take the packed file in with \
         `familylab import`"
    )]
    Packed(String),
    #[error("{0}")]
    TooLarge(String),
    #[error("{0}")]
    Invalid(String, Vec<Finding>),
    #[error("as many queries as the node allows are running; try again in a few seconds")]
    Busy,
    #[error("{0}")]
    TimedOut(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0} is not what it was any more; ask for the whole of it")]
    Changed(String),
    #[error("there are {0} bytes, and none in the range that was asked for")]
    Beyond(u64),
    #[error("{0}")]
    Unavailable(String),
    #[error("{0}")]
    Full(String),
    /// Another node did not answer, with what became of each.
    #[error("{0}")]
    Missing(String, Value),
    #[error("the node could not answer because of a fault of its own; its log says more")]
    Internal(#[source] anyhow::Error),
}

impl HttpError {
    /// The refusal of every format a client accepts.
    pub fn not_acceptable(offers: &[Media]) -> Self {
        let names: Vec<String> = offers
            .iter()
            .map(|media| format!("{} (.{})", media.names[0], media.extension))
            .collect();
        Self::NotAcceptable(names.join(", "))
    }

    /// What is told of this error.
    pub fn problem(&self) -> Value {
        let status = self.status();
        let mut problem = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        if let Self::Invalid(_, findings) = &self {
            problem["findings"] = json!(findings);
        }
        if let Self::Missing(_, report) = &self {
            problem["report"] = report.clone();
        }
        if let Self::Syntax(_, fault) = &self {
            problem["line"] = json!(fault.line);
            problem["column"] = json!(fault.column);
            problem["found"] = json!(fault.found);
            problem["reason"] = json!(fault.reason);
        }
        problem
    }

    /// The status this error is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::Syntax(..) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) | Self::TakenDown(_) => StatusCode::GONE,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) | Self::NoProfile(_) => StatusCode::NOT_ACCEPTABLE,
            Self::Unsupported(_) | Self::Packed(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Changed(_) => StatusCode::PRECONDITION_FAILED,
            Self::Beyond(_) => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::Busy | Self::TimedOut(_) | Self::Unavailable(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Missing(..) => StatusCode::BAD_GATEWAY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let status = self.status();
        if let Self::Internal(cause) = &self {
            tracing::error!(error = %format!("{cause:#}"), "a request failed");
        }
        let problem = self.problem();
        let mut response = (status, problem.to_string()).into_response();
        let headers = response.headers_mut();
        let media = HeaderValue::from_static(PROBLEM);
        headers.insert(header::CONTENT_TYPE, media);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match &self {
            Self::Unauthorized => {
                let scheme = HeaderValue::from_static("Bearer realm=\"familylab\"");
                headers.insert(header::WWW_AUTHENTICATE, scheme);
            }
            // RFC 9110, section 12.5.3.
            Self::Packed(_) => {
                headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            }
            Self::Busy | Self::Unavailable(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            // RFC 9110, section 15.5.17.
            Self::Beyond(bytes) => {
                if let Ok(range) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
                    headers.insert(header::CONTENT_RANGE, range);
                }
            }
            Self::TooMany(_) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            }
            Self::Method { allowed, .. } => {
                if let Ok(allowed) = HeaderValue::from_str(allowed) {
                    headers.insert(header::ALLOW, allowed);
                }
            }
            _ => {}
        }
        response
    }
}

impl From<RunError> for HttpError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Syntax(ref cause) => match &cause.fault {
                Some(fault) => Self::Syntax(error.to_string(), fault.clone()),
                None => Self::BadRequest(error.to_string()),
            },
            RunError::Iri(_) | RunError::Service | RunError::Call { .. } | RunError::TooDeep => {
                Self::BadRequest(error.to_string())
            }
            RunError::TimedOut(_) => Self::TimedOut(error.to_string()),
            RunError::Engine(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<EngineError> for HttpError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::UnknownNode(_) | EngineError::Unlisted(_) | EngineError::Nested => {
                Self::BadRequest(error.to_string())
            }
            EngineError::Memory { .. } => Self::TooLarge(error.to_string()),
            EngineError::Deadline(_) => Self::TimedOut(error.to_string()),
            EngineError::Wrong { .. } => Self::Missing(error.to_string(), Value::Null),
            EngineError::Abandoned | EngineError::Evaluation(_) => Self::Internal(error.into()),
        }
    }
}

impl From<FederatedError> for HttpError {
    fn from(error: FederatedError) -> Self {
        match error {
            FederatedError::Peers(error) => error.into(),
            FederatedError::Engine(error) => error.into(),
            internal => Self::Internal(internal.into()),
        }
    }
}

impl From<LinkError> for HttpError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::TooLong(_) => Self::TooLarge(error.to_string()),
            LinkError::TooMany(_) => Self::TooMany(error.to_string()),
            LinkError::Full => Self::Full(error.to_string()),
            LinkError::Query(error) => error.into(),
            LinkError::Log(error) => error.into(),
        }
    }
}

impl From<UpdateError> for HttpError {
    fn from(error: UpdateError) -> Self {
        let text = error.to_string();
        match error {
            UpdateError::Syntax(ref cause) => match &cause.fault {
                Some(fault) => Self::Syntax(text, fault.clone()),
                None => Self::BadRequest(text),
            },
            UpdateError::TimedOut(_) => Self::TimedOut(text),
            UpdateError::Invalid(found) | UpdateError::TakenDown(found) => {
                Self::Invalid(text, found)
            }
            UpdateError::NotWritable(..) | UpdateError::Everything(..) => Self::Conflict(text),
            UpdateError::Dataset(error) => error.into(),
            UpdateError::Group(GroupError::Io(error)) => error.into(),
            UpdateError::Storage(_) | UpdateError::Check(_) => Self::Internal(error.into()),
            UpdateError::Exists(_) | UpdateError::NoGraph(_) => Self::Conflict(text),
            _ => Self::BadRequest(text),
        }
    }
}

impl From<BatchError> for HttpError {
    fn from(error: BatchError) -> Self {
        let text = error.to_string();
        if error.is_disk_full() {
            return Self::Full(full(&text));
        }
        match error {
            BatchError::Group(GroupError::Io(_))
            | BatchError::Gather(GatherError::Group { source: GroupError::Io(_), .. }) => {
                Self::Internal(error.into())
            }
            BatchError::Gather(
                GatherError::Rdf { .. }
                | GatherError::Xml { .. }
                | GatherError::TooLong { .. }
                | GatherError::Nothing { .. }
                | GatherError::Blank { .. }
                | GatherError::Group { .. },
            )
            | BatchError::Group(_) => Self::BadRequest(text),
            BatchError::Dataset(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<io::Error> for HttpError {
    fn from(error: io::Error) -> Self {
        if is_full(&error) {
            return Self::Full(full(&error.to_string()));
        }
        Self::Internal(error.into())
    }
}

fn full(cause: &str) -> String {
    format!(
        "a disk of this node is full, nothing of this request was kept ({cause}); try again later, \
         or tell the administrator"
    )
}

impl From<DatasetError> for HttpError {
    fn from(error: DatasetError) -> Self {
        match error {
            DatasetError::NotYet { .. } | DatasetError::Behind { .. } | DatasetError::Busy => {
                Self::Unavailable(error.to_string())
            }
            DatasetError::Log(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<EntityError> for HttpError {
    fn from(error: EntityError) -> Self {
        match error {
            EntityError::Unknown(iri) => Self::NotFound(iri),
            EntityError::NoVersion { iri, seq } => Self::NotFound(format!("{iri}/v/{seq}")),
            EntityError::Gone { iri, .. } => Self::Gone(iri),
            EntityError::TakenDown { .. } => Self::TakenDown(error.to_string()),
            EntityError::TimedOut => Self::TimedOut(error.to_string()),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<PublishError> for HttpError {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Log(error) => error.into(),
            PublishError::Dataset(error) => error.into(),
            PublishError::File(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<LogError> for HttpError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Full(_) => Self::Full(error.to_string()),
            LogError::TakenDown { .. } => Self::Conflict(error.to_string()),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<PeerError> for HttpError {
    fn from(error: PeerError) -> Self {
        match error {
            PeerError::Taken(_) | PeerError::Listed { .. } => Self::Conflict(error.to_string()),
            PeerError::Unknown(name) => Self::NotFound(format!("/federation/peers/{name}")),
            PeerError::Log(error) => error.into(),
            PeerError::Unreadable { .. } => Self::Internal(error.into()),
            _ => Self::BadRequest(error.to_string()),
        }
    }
}

impl From<CatalogError> for HttpError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Log(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<BytesRejection> for HttpError {
    fn from(error: BytesRejection) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge("the body is longer than this node takes".to_owned());
        }
        Self::BadRequest(error.body_text())
    }
}

impl From<ParameterError> for HttpError {
    fn from(error: ParameterError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

impl From<InferError> for HttpError {
    fn from(error: InferError) -> Self {
        match error {
            InferError::Dataset(error) => error.into(),
            other => Self::Internal(other.into()),
        }
    }
}

impl From<IriError> for HttpError {
    fn from(error: IriError) -> Self {
        Self::BadRequest(error.to_string())
    }
}
