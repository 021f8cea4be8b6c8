//! Where a request comes from, as far as that can be believed. Begin with [`Address::of`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// What a proxy writes down: whoever spoke to it stands last (<https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For>).
pub const FORWARDED_FOR: &str = "x-forwarded-for";

/// The part of an address that tells people apart: of IPv6 one network, because its owner has 2⁶⁴ of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// The address of whoever speaks to us; `behind_proxy`, of whoever speaks to the proxy on this machine.
    ///
    /// Anybody can write any address into a request. But the last one was written by the proxy, if it is the proxy that speaks to us: what
    /// stands before the last comma is not even read. One that can't be understood is somebody, one and the same, and never everybody.
    pub fn of(peer: IpAddr, headers: &HeaderMap, behind_proxy: bool) -> Self {
        let peer = peer.to_canonical();
        let named = || {
            let line = headers.get_all(FORWARDED_FOR).iter().next_back()?;
            let last = line.as_bytes().rsplit(|byte| *byte == b',').next()?;
            let address = std::str::from_utf8(last).ok().and_then(|last| written(last.trim()));
            Some(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()).to_canonical())
        };
        let address = if behind_proxy && peer.is_loopback() {
            named()
        } else {
            None
        };
        Self(match address.unwrap_or(peer) {
            IpAddr::V6(address) if !address.is_loopback() => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            other => other,
        })
    }

    /// Whether it is this machine's own: somebody on it, or a proxy that tells nobody apart, behind which there may be everybody.
    pub const fn is_everybody(&self) -> bool {
        self.0.is_loopback()
    }
}

/// An address as proxies write it: alone, with a port, of IPv6 in brackets too.
fn written(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    bare.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let lines = lines
            .iter()
            .map(|line| (FORWARDED_FOR.parse().unwrap(), line.parse().unwrap()));
        lines.collect()
    }

    fn of(peer: &str, lines: &[&str], behind_proxy: bool) -> Address {
        Address::of(peer.parse().unwrap(), &headers(lines), behind_proxy)
    }

    fn plain(peer: &str) -> Address {
        of(peer, &[], false)
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(plain("2001:db8:1:2:aaaa::1"), plain("2001:db8:1:2:bbbb::2"));
        assert_ne!(plain("2001:db8:1:2::1"), plain("2001:db8:1:3::1"));
        assert_eq!(plain("::ffff:192.0.2.1"), plain("192.0.2.1"));
        assert_ne!(plain("192.0.2.1"), plain("192.0.2.2"));
        for here in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(plain(here).is_everybody(), "{here}");
        }
    }

    #[test]
    fn behind_a_proxy_the_last_address_counts_and_no_other() {
        let lied = &["203.0.113.9, 198.51.100.7"];
        assert_eq!(of("127.0.0.1", lied, true), plain("198.51.100.7"));
        // A second line comes after the first (RFC 9110, 5.3).
        assert_eq!(
            of("::1", &["198.51.100.7", "203.0.113.9,2001:db8::5"], true),
            plain("2001:db8::5")
        );
        // Whoever comes past the proxy, or is not told apart by it, is who they are.
        assert_eq!(of("192.0.2.1", lied, true), plain("192.0.2.1"));
        assert_eq!(of("127.0.0.1", lied, false), plain("127.0.0.1"));
        for port in ["198.51.100.7:4711", "1.1.1.1, 198.51.100.7:4711"] {
            assert_eq!(of("127.0.0.1", &[port], true), plain("198.51.100.7"));
        }
        for port in ["[2001:db8::5]:4711", "[2001:db8::5]"] {
            assert_eq!(of("127.0.0.1", &[port], true), plain("2001:db8::5"));
        }
        assert!(
            of("127.0.0.1", &[], true).is_everybody(),
            "the proxy tells nobody apart"
        );
        for somebody in [&[""][..], &["198.51.100.7, unknown"], &["198.51.100.7,"]] {
            assert!(!of("127.0.0.1", somebody, true).is_everybody(), "{somebody:?}");
        }
        // A byte that is no letter, before the comma: it changes nothing.
        let line = HeaderValue::from_bytes(b"\xff, 198.51.100.7").unwrap();
        let headers = [(FORWARDED_FOR.parse().unwrap(), line)].into_iter().collect();
        let address = Address::of("127.0.0.1".parse().unwrap(), &headers, true);
        assert_eq!(address, plain("198.51.100.7"));
    }
}
