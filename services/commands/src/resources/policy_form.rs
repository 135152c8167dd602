//! The form in which a policy is sent.

use axum::{
    extract::{
        Multipart,
        multipart::{MultipartError, MultipartRejection},
    },
    http::StatusCode,
};
use fullmakt_http::{InputError, Problem, ProblemType};

/// The field of the form that holds the policy.
pub(crate) const FIELD: &str = "policyFile";

/// The problem of a policy that is not taken.
pub(crate) fn refused(detail: impl Into<String>) -> Problem {
    Problem::invalid(vec![InputError::at(format!("/{FIELD}"), detail)])
}

/// The policy in the form, as it was sent.
pub(crate) async fn policy(form: Result<Multipart, MultipartRejection>) -> Result<String, Problem> {
    let mut form = form.map_err(|_| {
        let detail = format!("send the policy as `multipart/form-data`, in the field `{FIELD}`");
        Problem::of(ProblemType::UnsupportedMediaType, detail)
    })?;
    let mut policy = None;
    while let Some(field) = form.next_field().await.map_err(|error| cut_off(&error))? {
        if field.name() != Some(FIELD) {
            continue;
        }
        let bytes = field.bytes().await.map_err(|error| cut_off(&error))?;
        // Read as it is: the policy's hash is that of the bytes that were sent.
        let text = String::from_utf8(bytes.into())
            .map_err(|_| refused("the policy is not UTF-8; save it in that encoding"))?;
        if policy.replace(text).is_some() {
            return Err(refused(format!("the form has the field `{FIELD}` twice; send it once")));
        }
    }
    policy.ok_or_else(|| refused(format!("the form has no field `{FIELD}`; send the policy in it")))
}

/// The problem of a form that could not be read to its end.
fn cut_off(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::bare(ProblemType::TooLarge);
    }
    Problem::of(
        ProblemType::MalformedRequest,
        "the form stops being `multipart/form-data` before its end",
    )
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Body,
        extract::{FromRequest, Request},
    };

    use super::*;

    const BOUNDARY: &str = "XyXyX";

    fn part(name: &str, content: &[u8]) -> Vec<u8> {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"p.xml\"\r\n\
             Content-Type: application/xml\r\n\r\n"
        );
        [head.as_bytes(), content, b"\r\n"].concat()
    }

    fn form(parts: &[Vec<u8>]) -> Vec<u8> {
        [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat()
    }

    async fn read(body: Vec<u8>) -> Result<String, Problem> {
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::post("/").header("content-type", media_type);
        let request = request.body(Body::from(body)).unwrap();
        policy(Multipart::from_request(request, &()).await).await
    }

    #[tokio::test]
    async fn the_policy_is_read_byte_by_byte() {
        let policy = "\u{feff}<Policy>\r\n æ</Policy>\n";
        let body = form(&[part("comment", b"hello"), part(FIELD, policy.as_bytes())]);
        assert_eq!(read(body).await.unwrap(), policy);
    }

    #[tokio::test]
    async fn a_form_without_exactly_one_policy_is_refused() {
        for parts in [vec![], vec![part("policy", b"<Policy/>")], vec![part(FIELD, b"<P/>"); 2]] {
            let problem = read(form(&parts)).await.unwrap_err();
            assert_eq!(problem.errors()[0].pointer, "/policyFile");
        }
    }

    #[tokio::test]
    async fn a_policy_in_another_encoding_is_refused_and_not_mended() {
        let problem = read(form(&[part(FIELD, b"<Policy>\xe6</Policy>")])).await.unwrap_err();
        assert!(problem.errors()[0].detail.contains("UTF-8"), "{problem:?}");
    }

    #[tokio::test]
    async fn a_form_that_ends_too_early_is_refused() {
        let problem = read(part(FIELD, b"<Policy/>")).await.unwrap_err();
        assert_eq!(problem.kind(), ProblemType::MalformedRequest);
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused_by_its_media_type() {
        let request = Request::post("/").header("content-type", "application/xml");
        let request = request.body(Body::from("<Policy/>")).unwrap();
        let problem = policy(Multipart::from_request(request, &()).await).await.unwrap_err();
        assert_eq!(problem.kind(), ProblemType::UnsupportedMediaType);
    }

    #[tokio::test]
    async fn a_policy_beyond_the_limit_of_bodies_is_too_large() {
        // The limit of a request for which no layer sets another.
        let limit = 2 << 20;
        let of = |bytes| read(form(&[part(FIELD, &vec![b'x'; bytes])]));
        assert_eq!(of(limit / 2).await.unwrap().len(), limit / 2);
        assert_eq!(of(limit).await.unwrap_err().kind(), ProblemType::TooLarge);
    }
}
