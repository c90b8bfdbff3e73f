//! Every change, asked for in every way a browser or a program can: by our own pages only, in the one type of body that is read.

use super::{FUNCTIONS, UPLOADS, borrowed, cast::Cast, rows};
use crate::fixture::{Db, TestApp, client::Client, stories};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use std::{collections::BTreeMap, fs, path::Path};

/// The one plain handler that takes a plain form.
const JUDGE: &str = "/account/password/strength";
const SITES: [Option<&str>; 5] = [Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), None];
const ORIGINS: [Option<&str>; 4] = [Some(crate::fixture::BASE), Some("https://evil.example"), Some("null"), None];
const TYPES: [&str; 4] = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=frontier",
    "application/json",
    "text/plain",
];

/// A way to ask for a change, and whether it is ours.
struct Way {
    site: Option<&'static str>,
    origin: Option<&'static str>,
    content_type: &'static str,
}

impl Way {
    fn all() -> impl Iterator<Item = Self> {
        let pairs = SITES.into_iter().flat_map(|site| ORIGINS.map(|origin| (site, origin)));
        pairs.flat_map(|(site, origin)| TYPES.map(|content_type| Self { site, origin, content_type }))
    }

    fn is_ours(&self, path: &str) -> bool {
        let from_here = match (self.site, self.origin) {
            (Some("same-origin"), None) => true,
            (Some("same-origin") | None, Some(origin)) => origin == crate::fixture::BASE,
            _ => false,
        };
        from_here && self.content_type == if path.starts_with("/api/") || path == JUDGE { TYPES[0] } else { TYPES[1] }
    }

    async fn ask(&self, client: &Client, path: &str, fields: &[(&str, &str)]) -> StatusCode {
        let mut headers = vec![("accept", "application/json"), ("content-type", self.content_type)];
        headers.extend(self.site.map(|site| ("sec-fetch-site", site)));
        headers.extend(self.origin.map(|origin| ("origin", origin)));
        let body = match self.content_type {
            "application/json" => serde_json::to_string(&fields.iter().copied().collect::<BTreeMap<_, _>>()).unwrap(),
            sent if sent.starts_with("multipart") => {
                let part = |(name, value): &(&str, &str)| format!("--frontier\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
                fields.iter().map(part).collect::<String>() + "--frontier--\r\n"
            }
            _ => url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish(),
        };
        client.send(Method::POST, path, &headers, Body::from(body)).await.status
    }
}

impl TestApp {
    /// How many rows each table has. What was refused is noted, so security events are left out.
    async fn census(&self) -> BTreeMap<String, i64> {
        let names = if self.db == Db::Sqlite {
            "select group_concat(name) from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'security_event'"
        } else {
            "select string_agg(table_name, ',') from information_schema.tables where table_schema = 'public' and table_name <> 'security_event'"
        };
        let mut census = BTreeMap::new();
        for name in self.word(names).await.split(',') {
            census.insert(name.to_owned(), self.number(&format!("select count(*) from {name}")).await);
        }
        assert!(census.len() > 25);
        census
    }
}

/// Every change with somebody who may make it, and what they would send.
async fn changes(app: &TestApp, cast: &Cast) -> Vec<(String, Client, Vec<(String, String)>)> {
    let mut changes = Vec::new();
    let client = |who: &str| cast.everyone(app).into_iter().find(|(name, _)| *name == who).unwrap().1;
    for (function, verdicts) in rows(FUNCTIONS) {
        let who = super::EVERYONE
            .iter()
            .zip(&verdicts)
            .skip(1)
            .find(|(_, verdict)| **verdict == "yes")
            .map_or("self", |(who, _)| *who);
        changes.push((format!("/api/{function}"), client(who), cast.fields(app, function, None).await));
    }
    changes.push((JUDGE.to_owned(), client("self"), vec![("password".to_owned(), "x".to_owned())]));
    for route in UPLOADS {
        let who = if route.starts_with("/content") { "security" } else { "hr" };
        changes.push((cast.address(app, route, None).await, client(who), vec![("file".to_owned(), "x".to_owned())]));
    }
    changes
}

stories! {
    async fn a_change_is_made_for_our_own_pages_only(app) {
        let cast = Cast::of(app).await;
        let changes = changes(app, &cast).await;
        let before = app.census().await;
        let mut refused = 0;
        for (path, client, fields) in &changes {
            for way in Way::all().filter(|way| !way.is_ours(path)) {
                let status = way.ask(client, path, &borrowed(fields)).await;
                let (site, origin, content_type) = (way.site, way.origin, way.content_type);
                assert!(matches!(status, StatusCode::FORBIDDEN | StatusCode::UNSUPPORTED_MEDIA_TYPE), "{path} {site:?} {origin:?} {content_type}: {status}");
                refused += 1;
            }
        }
        assert_eq!(app.census().await, before);
        assert_eq!(refused, changes.len() * (5 * 4 * 4 - 3));
        for (path, client, fields) in &changes {
            for way in Way::all().filter(|way| way.is_ours(path)) {
                let status = way.ask(client, path, &borrowed(fields)).await;
                assert!(!matches!(status, StatusCode::FORBIDDEN | StatusCode::UNSUPPORTED_MEDIA_TYPE), "{path}: {status}");
            }
        }
    }

    async fn no_change_is_made_by_reading(app) {
        let cast = Cast::of(app).await;
        let changes = changes(app, &cast).await;
        let before = app.census().await;
        for (path, client, fields) in &changes {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                for site in ["same-origin", "cross-site", "none"] {
                    let headers = [("sec-fetch-site", site), ("x-http-method-override", "POST"), ("content-type", TYPES[0])];
                    let answer = client.send(method.clone(), &format!("{path}?{query}&_method=POST"), &headers, Body::from(query.clone())).await;
                    assert!(!answer.status.is_server_error() || path.starts_with("/api/"), "{method} {path}: {}", answer.status);
                }
            }
        }
        assert_eq!(app.census().await, before);
    }
}

#[test]
fn the_table_of_uploads_holds_every_plain_handler() {
    let router = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/http/mod.rs")).unwrap();
    let others = ["post(server_function)", "post(passwords::judge)"].map(|other| router.matches(other).count());
    assert_eq!(others, [1, 1]);
    let handlers = router.matches("post(").count() - others.len();
    assert_eq!(handlers, UPLOADS.len());
    for route in UPLOADS {
        let prefix = route.split("/:").next().unwrap();
        assert!(router.contains(&format!("\"{prefix}")), "{route}");
    }
}
