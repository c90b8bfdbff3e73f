//! NDAs on paper: the form that brings a scan along, and the scan handed out again.

use crate::{
    api::{
        done::{Said, person_path, prove_path},
        error::ApiError,
        flash::Flash,
    },
    domain::{
        ids::{AssignmentId, FileId, PersonId},
        scan::MAX_BYTES,
    },
    server::{
        context::Cx,
        http::{context::append_flash, exports::note_export, forms::referring_path, uploads::read_to_end},
        service::nda::{PaperForm, Upload},
    },
};
use axum::{
    Extension,
    extract::{
        FromRequest, Multipart, Path, Request,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

/// The largest field that is typed.
const MAX_TYPED: usize = 16 * 1024;

/// What a form with a scan brought.
#[derive(Default)]
struct Form {
    signed_on: String,
    note: String,
    /// Its name and its content; no content when it is too large.
    scan: Option<(String, Option<Vec<u8>>)>,
}

impl Form {
    fn upload(&self) -> Option<Upload<'_>> {
        self.scan.as_ref().map(|(name, content)| Upload {
            name,
            content: content.as_deref(),
        })
    }

    fn paper(&self) -> PaperForm<'_> {
        PaperForm {
            signed_on: &self.signed_on,
            note: &self.note,
            scan: self.upload(),
        }
    }

    fn typed(&self) -> Vec<(String, String)> {
        vec![("signed_on".to_owned(), self.signed_on.clone()), ("note".to_owned(), self.note.clone())]
    }
}

/// Records an NDA that was signed on paper.
pub async fn record_on_paper(Extension(cx): Extension<Cx>, Path(ids): Path<(String, String)>, request: Request) -> Response {
    let mut form = Form::default();
    let result = try_record(&cx, &ids, request, &mut form).await;
    answer(result, Said::NdaRecorded, &format!("/people/{}/nda/{}", ids.0, ids.1), "", &form)
}

async fn try_record(cx: &Cx, ids: &(String, String), request: Request, form: &mut Form) -> Result<PersonId, ApiError> {
    let desk = cx.actor()?.nda_desk(&cx.app)?;
    let (person, id) = parse(ids)?;
    read(request, form).await?;
    desk.record_on_paper(cx.now, person, id, &form.paper()).await?;
    Ok(person)
}

/// Adds a scan to an NDA on paper.
pub async fn add(Extension(cx): Extension<Cx>, Path(ids): Path<(String, String)>, request: Request) -> Response {
    let mut form = Form::default();
    let result = try_add(&cx, &ids, request, &mut form).await;
    answer(result, Said::NdaScanAdded, &format!("/people/{}/nda/{}", ids.0, ids.1), "/scan", &form)
}

async fn try_add(cx: &Cx, ids: &(String, String), request: Request, form: &mut Form) -> Result<PersonId, ApiError> {
    let desk = cx.actor()?.nda_desk(&cx.app)?;
    let (person, id) = parse(ids)?;
    read(request, form).await?;
    desk.add_scan(cx.now, person, id, form.upload()).await?;
    Ok(person)
}

fn parse((person, id): &(String, String)) -> Result<(PersonId, AssignmentId), ApiError> {
    Ok((person.parse().map_err(|_| ApiError::NotFound)?, id.parse().map_err(|_| ApiError::NotFound)?))
}

async fn read(request: Request, form: &mut Form) -> Result<(), ApiError> {
    let mut fields = Multipart::from_request(request, &()).await.map_err(|_| ApiError::Unreadable)?;
    let unreadable = |_: MultipartError| ApiError::Unreadable;
    while let Some(field) = fields.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("signed_on") => form.signed_on = typed(field).await?,
            Some("note") => form.note = typed(field).await?,
            Some("scan") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let content = read_to_end(field, MAX_BYTES).await.map_err(unreadable)?;
                // A browser sends an empty field for a file that was not chosen.
                if !name.is_empty() || content.as_ref().is_none_or(|content| !content.is_empty()) {
                    form.scan = Some((name, content));
                }
            }
            _ => drop(read_to_end(field, 0).await.map_err(unreadable)?),
        }
    }
    Ok(())
}

async fn typed(field: Field<'_>) -> Result<String, ApiError> {
    let content = read_to_end(field, MAX_TYPED).await.map_err(|_| ApiError::Unreadable)?;
    String::from_utf8(content.ok_or(ApiError::Unreadable)?).map_err(|_| ApiError::Unreadable)
}

fn answer(result: Result<PersonId, ApiError>, said: Said, page: &str, action: &str, form: &Form) -> Response {
    let (to, flash) = match result {
        Ok(person) => (person_path(person), Flash::Said(said)),
        Err(ApiError::NotFound | ApiError::SignedOut) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            let failed = Flash::Failed {
                error,
                action: format!("{page}{action}"),
                typed: form.typed(),
            };
            (page.to_owned(), failed)
        }
    };
    let mut response = Redirect::to(&to).into_response();
    append_flash(&mut response, &flash);
    response
}

/// Hands a scan out, always to be saved and never to be shown by a browser.
pub async fn download(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match try_download(&cx, &id).await {
        Ok(response) => response,
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(ApiError::ProveAgain) => Redirect::to(&prove_path(&referring_path(&headers))).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn try_download(cx: &Cx, id: &str) -> Result<Response, ApiError> {
    let id: FileId = id.parse().map_err(|_| ApiError::NotFound)?;
    let desk = cx.actor()?.scan_desk(&cx.app)?;
    let file = desk.scan(cx.now, id).await?;
    if desk.sees_others() {
        note_export(cx, Some(id.0)).await;
    }
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.media_type.as_str())),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, file.content).into_response())
}

/// The name twice: in ASCII for old browsers, and in full as RFC 6266 has it.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_".contains(c) { c } else { '_' })
        .collect();
    let full: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    HeaderValue::try_from(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")).unwrap_or(HeaderValue::from_static("attachment"))
}
