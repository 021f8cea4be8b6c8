//! Where a request comes from, as far as that can be believed. Begin with [`Address::of`].

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// What a proxy writes down: whoever spoke to it stands last (<https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For>).
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The part of an address that tells people apart: of IPv6 one network, because its owner has 2⁶⁴ of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// The address of whoever speaks to us; `behind_proxy`, of whoever speaks to the proxy on this machine.
    ///
    /// Anybody can write any address into a request. But the last one was written by the proxy, if it is the proxy that speaks to us.
    pub fn of(peer: IpAddr, headers: &HeaderMap, behind_proxy: bool) -> Self {
        let peer = peer.to_canonical();
        let named = || {
            let last = headers.get_all(FORWARDED_FOR).iter().next_back()?;
            let address: IpAddr = last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()?;
            Some(address.to_canonical())
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

    /// Whether it is this machine's own: a proxy that tells nobody apart, behind which there may be everybody.
    pub const fn is_everybody(&self) -> bool {
        self.0.is_loopback()
    }
}

#[cfg(test)]
mod tests {
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
        for nobody in [&[][..], &[""], &["198.51.100.7, unknown"], &["198.51.100.7,"]] {
            assert!(of("127.0.0.1", nobody, true).is_everybody(), "{nobody:?}");
        }
    }
}
