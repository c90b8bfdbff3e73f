//! What comes with a file: NDAs on paper and instructions with their evidence; and the files handed out again.

use crate::{
    api::{
        done::{Said, person_path, prove_path},
        error::ApiError,
        flash::Flash,
    },
    domain::{
        ids::{AssignmentId, FileId, PersonId},
        locale::Locale,
        scan::MAX_BYTES,
    },
    server::{
        context::Cx,
        http::{
            context::append_flash,
            downloads::{Need, Place, body, place as place_out},
            errors::plainly,
            exports::note_export,
            forms::referring_path,
            uploads::{once, place, read_to_end},
        },
        service::{
            instructions::DoneForm,
            nda::{PaperForm, Upload},
            rows::FileContent,
        },
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
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what may stand in a name as it is (RFC 5987).
const OF_A_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');
/// The largest field that is typed.
const MAX_TYPED: usize = 16 * 1024;

/// What a form with a scan brought.
#[derive(Default)]
struct Form {
    signed_on: String,
    note: String,
    /// The checksum and the language of what was shown.
    shown: String,
    language: String,
    confirms: bool,
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
        let ticked = self.confirms.then(|| ("confirms".to_owned(), "on".to_owned()));
        [("signed_on".to_owned(), self.signed_on.clone()), ("note".to_owned(), self.note.clone())]
            .into_iter()
            .chain(ticked)
            .collect()
    }
}

/// Records an NDA that was signed on paper.
pub async fn record_on_paper(Extension(cx): Extension<Cx>, Path(ids): Path<(String, String)>, request: Request) -> Response {
    let mut form = Form::default();
    let result = try_record(&cx, &ids, request, &mut form).await;
    answer(
        result.map(person_path),
        Said::NdaRecorded,
        &format!("/people/{}/nda/{}", ids.0, ids.1),
        "",
        &form,
    )
}

async fn try_record(cx: &Cx, ids: &(String, String), request: Request, form: &mut Form) -> Result<PersonId, ApiError> {
    cx.actor()?.nda_desk(&cx.app)?;
    let (person, id) = parse(ids)?;
    let _place = place(cx).await?;
    read(request, form).await?;
    let cx = cx.on_arrival().await?;
    let desk = cx.actor()?.nda_desk(&cx.app)?;
    desk.record_on_paper(cx.now, person, id, &form.paper()).await?;
    Ok(person)
}

/// Takes a person's word that they followed an instruction, with a file where one is asked for.
pub async fn follow_instruction(Extension(cx): Extension<Cx>, Path(id): Path<String>, request: Request) -> Response {
    let page = format!("/checklist/instruction/{id}");
    let mut form = Form::default();
    let result = try_follow(&cx, &id, request, &mut form).await;
    answer(result.map(|()| "/checklist".to_owned()), Said::InstructionDone, &page, "", &form)
}

async fn try_follow(cx: &Cx, id: &str, request: Request, form: &mut Form) -> Result<(), ApiError> {
    cx.own_desk()?;
    let id: AssignmentId = id.parse().map_err(|_| ApiError::NotFound)?;
    let _place = place(cx).await?;
    read(request, form).await?;
    let cx = cx.on_arrival().await?;
    let done = DoneForm {
        shown: &form.shown,
        confirms: form.confirms,
        file: form.upload(),
    };
    let language = Locale::from_tag(&form.language).unwrap_or(cx.locale);
    Ok(cx.own_desk()?.follow_instruction(cx.now, id, language, &done).await?)
}

/// Hands out what somebody uploaded for an instruction, to whoever confirms it.
pub async fn instruction_file(Extension(cx): Extension<Cx>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    handed_out(try_instruction_file(&cx, &id).await, &headers)
}

async fn try_instruction_file(cx: &Cx, id: &str) -> Result<Response, ApiError> {
    let id: AssignmentId = id.parse().map_err(|_| ApiError::NotFound)?;
    let desk = cx.actor()?.instruction_desk(&cx.app)?;
    let place = place_out(cx, Need::Single).await?;
    let file = desk.file(cx.now, id).await?;
    note_export(cx, Some(id.0)).await;
    Ok(attachment(place, file))
}

/// Adds a scan to an NDA on paper.
pub async fn add(Extension(cx): Extension<Cx>, Path(ids): Path<(String, String)>, request: Request) -> Response {
    let mut form = Form::default();
    let result = try_add(&cx, &ids, request, &mut form).await;
    answer(
        result.map(person_path),
        Said::NdaScanAdded,
        &format!("/people/{}/nda/{}", ids.0, ids.1),
        "/scan",
        &form,
    )
}

async fn try_add(cx: &Cx, ids: &(String, String), request: Request, form: &mut Form) -> Result<PersonId, ApiError> {
    cx.actor()?.nda_desk(&cx.app)?;
    let (person, id) = parse(ids)?;
    let _place = place(cx).await?;
    read(request, form).await?;
    let cx = cx.on_arrival().await?;
    let desk = cx.actor()?.nda_desk(&cx.app)?;
    desk.add_scan(cx.now, person, id, form.upload()).await?;
    Ok(person)
}

fn parse((person, id): &(String, String)) -> Result<(PersonId, AssignmentId), ApiError> {
    Ok((person.parse().map_err(|_| ApiError::NotFound)?, id.parse().map_err(|_| ApiError::NotFound)?))
}

async fn read(request: Request, form: &mut Form) -> Result<(), ApiError> {
    let mut fields = Multipart::from_request(request, &()).await.map_err(|_| ApiError::Unreadable)?;
    let unreadable = |_: MultipartError| ApiError::Unreadable;
    let mut taken = Vec::new();
    while let Some(field) = fields.next_field().await.map_err(unreadable)? {
        let name = once(["signed_on", "note", "scan", "shown", "language", "confirms", "file"], &mut taken, &field)?;
        match name {
            Some("signed_on") => form.signed_on = typed(field).await?,
            Some("note") => form.note = typed(field).await?,
            Some("shown") => form.shown = typed(field).await?,
            Some("language") => form.language = typed(field).await?,
            Some("confirms") => form.confirms = !typed(field).await?.is_empty(),
            Some("scan" | "file") => {
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

fn answer(result: Result<String, ApiError>, said: Said, page: &str, action: &str, form: &Form) -> Response {
    let (to, flash) = match result {
        Ok(next) => (next, Flash::Said(said)),
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
    handed_out(try_download(&cx, &id).await, &headers)
}

fn handed_out(result: Result<Response, ApiError>, headers: &HeaderMap) -> Response {
    match result {
        Ok(response) => response,
        Err(ApiError::NotFound | ApiError::SignedOut) => StatusCode::NOT_FOUND.into_response(),
        Err(ApiError::ProveAgain) => Redirect::to(&prove_path(&referring_path(headers))).into_response(),
        Err(error) => plainly(&error),
    }
}

async fn try_download(cx: &Cx, id: &str) -> Result<Response, ApiError> {
    let id: FileId = id.parse().map_err(|_| ApiError::NotFound)?;
    let desk = cx.actor()?.scan_desk(&cx.app)?;
    let place = place_out(cx, Need::Single).await?;
    let file = desk.scan(cx.now, id).await?;
    if desk.sees_others() {
        note_export(cx, Some(id.0)).await;
    }
    Ok(attachment(place, file))
}

fn attachment(place: Place, file: FileContent) -> Response {
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
    (headers, body(place, file.content.into())).into_response()
}

/// The name twice: in ASCII for old browsers, and in full as RFC 6266 has it.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_".contains(c) { c } else { '_' })
        .collect();
    let full = utf8_percent_encode(name, OF_A_NAME);
    HeaderValue::try_from(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")).unwrap_or(HeaderValue::from_static("attachment"))
}
