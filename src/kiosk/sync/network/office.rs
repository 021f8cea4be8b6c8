//! Where the office is, and what may stand in between: a proxy that a commune's network has, or a page on which guests sign in.
//! Begin with [`Office`].

use std::time::Duration;

use ureq::http::{Response, StatusCode, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Proxy, ProxyProtocol};
use url::{Host, Url};

use super::CallError;

/// How long one question and its answer may take: 4 MiB on a slow line.
const LONGEST_CALL: Duration = Duration::from_mins(2);

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(15);

/// Where the office is.
#[derive(Debug, Clone)]
pub struct Office {
    url: String,
    /// Where a network that has guests sign in would answer in the office's place; `None` where there is none in between.
    guests: Option<String>,
    /// Whether it is called through a proxy.
    pub(super) is_behind_a_proxy: bool,
    tls: TlsConfig,
    pub(super) agent: Agent,
    /// The same without a look at certificates, which nobody can check without the date.
    pub(super) dateless: Agent,
}

impl Office {
    /// The office at `https://…` (or, on a network of its own, `http://…`). With `ca`, certificates in PEM, only these are
    /// believed; without, those that browsers believe.
    ///
    /// # Errors
    /// [`CallError::Address`], [`CallError::NotSafe`].
    pub fn new(url: &str, ca: Option<&[u8]>) -> Result<Self, CallError> {
        let url = url.trim_end_matches('/');
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(CallError::Address(format!(
                "“{url}” begins with neither https:// nor http://"
            )));
        }
        // A path is the office's, if a proxy has it below one; what stands behind that would end up in the middle.
        if url.contains(['?', '#']) {
            return Err(CallError::Address(format!("“{url}” has ? or # in it")));
        }
        let mut tls = TlsConfig::builder();
        if let Some(pem) = ca {
            let mut certificates: Vec<Certificate<'static>> = Vec::new();
            for item in parse_pem(pem) {
                if let PemItem::Certificate(certificate) = item? {
                    certificates.push(certificate);
                }
            }
            if certificates.is_empty() {
                return Err(CallError::NotSafe("the file of certificates has none".to_owned()));
            }
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        let tls = tls.build();
        Ok(Self {
            url: url.to_owned(),
            guests: guests(url),
            is_behind_a_proxy: false,
            agent: agent(tls.clone(), None),
            dateless: agent(unchecked(), None),
            tls,
        })
    }

    /// The same, called through a proxy: `http://host:port`, with `name:password@` before the host if it wants these.
    ///
    /// # Errors
    /// [`CallError::Proxy`]; it never says what stands there.
    pub fn through(self, proxy: &str) -> Result<Self, CallError> {
        let whole = if proxy.contains("://") {
            proxy.to_owned()
        } else {
            format!("http://{proxy}")
        };
        // ureq passes over a port that is none.
        let address = Url::parse(&whole).ok().filter(|_| !proxy.contains(char::is_whitespace));
        let Some(address) = address else {
            return Err(CallError::Proxy("it is no address".to_owned()));
        };
        // ureq passes over what stands behind the port as well: whoever wrote it means something else than a proxy of this kind.
        if !matches!(address.path(), "" | "/") || address.query().is_some() || address.fragment().is_some() {
            return Err(CallError::Proxy("nothing may stand behind its port".to_owned()));
        }
        let proxy = Proxy::new(proxy)?;
        if proxy.protocol() != ProxyProtocol::Http || proxy.host().is_empty() {
            return Err(CallError::Proxy("it does not begin with http://".to_owned()));
        }
        Ok(Self {
            // The proxy is what answers then.
            guests: None,
            is_behind_a_proxy: true,
            agent: agent(self.tls.clone(), Some(proxy.clone())),
            dateless: agent(unchecked(), Some(proxy)),
            ..self
        })
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The answer, unless it is a page of the network's own.
    pub(super) fn own(&self, answer: Response<Body>) -> Result<Response<Body>, CallError> {
        if is_a_page(&answer, &self.url) {
            return Err(CallError::SignIn);
        }
        Ok(answer)
    }

    /// Whether the network has guests sign in first: what it lets nobody through to without encryption, it answers itself.
    pub(super) fn is_behind_a_page(&self) -> bool {
        let Some(guests) = &self.guests else {
            return false;
        };
        let asked = self
            .agent
            .get(guests)
            .config()
            .timeout_global(Some(CONNECTING))
            .build()
            .call();
        asked.is_ok_and(|answer| is_a_page(&answer, guests))
    }
}

fn unchecked() -> TlsConfig {
    TlsConfig::builder().disable_verification(true).build()
}

fn agent(tls: TlsConfig, proxy: Option<Proxy>) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        // A connection that somebody on the way has dropped meanwhile would fail the next request.
        .max_idle_connections(0)
        .timeout_connect(Some(CONNECTING))
        .timeout_global(Some(LONGEST_CALL))
        .user_agent(concat!("commune-kiosk/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls);
    match proxy {
        None => config.build().into(),
        proxy => config.proxy(proxy).build().into(),
    }
}

/// What is asked for without encryption to see who answers: something that only an office has. Nobody is between a machine and itself.
fn guests(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    url.set_scheme("http").ok()?;
    url.set_port(None).ok()?;
    url.set_path("/v1/packs/latest");
    (!is_here).then(|| url.into())
}

/// Whether an answer to `url` is a page to sign in on (RFC 8952): sent elsewhere, shown in its place, or said so (RFC 6585, 6). The
/// office answers kiosks with none.
fn is_a_page(answer: &Response<Body>, url: &str) -> bool {
    let text = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let host = |url: &Url| url.host_str().map(str::to_owned);
    match answer.status() {
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED => true,
        status if status.is_redirection() => {
            let asked = Url::parse(url).ok();
            let sent = asked
                .as_ref()
                .zip(text(header::LOCATION))
                .and_then(|(asked, to)| asked.join(to).ok());
            sent.is_some_and(|sent| host(&sent) != asked.as_ref().and_then(host))
        }
        status if status.is_success() => text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A network that answers whatever is asked with this; gives its address.
    fn network(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.expect("a connection");
                // A caller that hangs up is no failure of the network's.
                let _ = connection.read(&mut [0; 4096]);
                let _ = connection.write_all(answer.as_bytes());
            }
        });
        format!("http://{address}")
    }

    #[test]
    fn a_page_to_sign_in_on_is_told_from_an_office_with_another_fault() {
        for (answer, is_page) in [
            (
                "HTTP/1.1 302 Found\r\nlocation: http://login.example/?to=x\r\ncontent-length: 0\r\n\r\n",
                true,
            ),
            (
                "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: 2\r\n\r\nhi",
                true,
            ),
            (
                "HTTP/1.1 511 Network Authentication Required\r\ncontent-length: 0\r\n\r\n",
                true,
            ),
            (
                "HTTP/1.1 301 Moved Permanently\r\nlocation: https://127.0.0.1/v1/packs/latest\r\ncontent-length: 0\r\n\r\n",
                false,
            ),
            (
                "HTTP/1.1 301 Moved Permanently\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
                false,
            ),
            (
                "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi",
                false,
            ),
            (
                "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi",
                false,
            ),
            ("HTTP/1.1 204 No Content\r\n\r\n", false),
            ("nothing that makes sense", false),
        ] {
            let office = Office {
                guests: Some(network(answer)),
                ..Office::new("https://office.example", None).expect("an address")
            };
            assert_eq!(office.is_behind_a_page(), is_page, "{answer}");
        }
    }

    #[test]
    fn nobody_is_asked_about_a_machine_itself_or_past_a_proxy() {
        for (url, asked) in [
            (
                "https://office.example:8443/kiosks",
                Some("http://office.example/v1/packs/latest"),
            ),
            ("https://10.0.0.3", Some("http://10.0.0.3/v1/packs/latest")),
            ("https://localhost:8443", None),
            ("http://127.0.0.1:8080", None),
            ("https://[::1]", None),
        ] {
            let office = Office::new(url, None).expect("an address");
            assert_eq!(office.guests.as_deref(), asked, "{url}");
            assert_eq!(office.through("10.0.0.8:3128").expect("a proxy").guests, None);
        }
    }

    #[test]
    fn an_address_may_have_a_path_and_nothing_behind_it() {
        let office = Office::new("https://xa.vn/van-phong/", None).expect("an address");
        assert_eq!(office.at("/v1/bundles"), "https://xa.vn/van-phong/v1/bundles");
        for url in ["xa.vn", "https://xa.vn/?xa=le-loi", "https://xa.vn/#van-phong"] {
            assert!(matches!(Office::new(url, None), Err(CallError::Address(_))), "{url}");
        }
    }

    #[test]
    fn a_proxy_that_can_not_be_is_refused_without_its_password() {
        let through = |proxy: &str| {
            Office::new("https://office.example", None)
                .expect("an address")
                .through(proxy)
        };
        for proxy in [
            "http://10.0.0.8:3128",
            "proxy.example.vn:8080",
            "http://kiosk:m%E1%BA%ADt@proxy.example.vn",
        ] {
            assert!(through(proxy).is_ok(), "{proxy}");
        }
        for proxy in [
            "",
            "http://",
            "ftp://a:secret@b",
            "socks5://a:secret@10.0.0.8",
            "http://a:secret@b:port",
            "http://a:secret %zz@b\n",
            "http://a:secret@b:3128/van-phong",
            "http://a:secret@b:3128/?x",
            "b:3128/#secret",
        ] {
            let said = through(proxy).expect_err(proxy).to_string();
            assert!(said.contains("proxy") && !said.contains("secret"), "{said}");
        }
    }
}
