//! Addresses: `[cable]`, the same keys of `[network]`, and `[time]`; and what systemd-networkd is told of them.
//!
//! Every value is parsed into what it stands for and written from that, so that nothing of the settings gets into a file as it
//! stands. Begin with [`Address`].

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};

use serde::Deserialize;

use super::tables::{Table, Wrong};

/// How many servers of a kind are taken: systemd asks one after the other.
const MOST_SERVERS: usize = 4;

/// The longest name of a host (RFC 1035, 2.3.4), without its last dot.
const LONGEST_HOST: usize = 253;

/// The longest piece of one between two dots.
const LONGEST_LABEL: usize = 63;

/// How a link gets its address; by DHCP where nothing is set.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Address {
    fixed: Option<Fixed>,
    /// The servers that are asked for names, instead of those that DHCP names.
    dns: Vec<IpAddr>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fixed {
    address: Ipv4Addr,
    prefix: u32,
    gateway: Option<Ipv4Addr>,
}

impl Address {
    /// Reads the keys of a table that are about its link's address.
    pub fn read(table: &mut Table) -> Result<Self, Wrong> {
        let address: Option<String> = table.take("address")?;
        let gateway: Option<String> = table.take("gateway")?;
        let fixed = match (address, gateway) {
            (Some(address), gateway) => Some(Fixed::of(&address, gateway.as_deref())?),
            (None, Some(_)) => return Err("a gateway belongs to an address".into()),
            (None, None) => None,
        };
        let dns = listed(table, "dns")?;
        let dns = dns.iter().map(|server| server.trim().parse());
        let dns: Vec<IpAddr> = dns
            .collect::<Result<_, _>>()
            .map_err(|_| "dns is addresses of servers, as \"192.168.1.1\"")?;
        Ok(Self { fixed, dns })
    }

    /// A drop-in for the link's file of systemd-networkd (`systemd.network(5)`); `None` if all is as usual.
    pub fn drop_in(&self, time: &Time) -> Option<String> {
        if *self == Self::default() && time.servers.is_empty() {
            return None;
        }
        let mut text = "[Network]\n".to_owned();
        if let Some(Fixed {
            address,
            prefix,
            gateway,
        }) = &self.fixed
        {
            let _ = write!(text, "DHCP=no\nAddress={address}/{prefix}\n");
            if let Some(gateway) = gateway {
                let _ = writeln!(text, "Gateway={gateway}");
            }
        }
        for server in &self.dns {
            let _ = writeln!(text, "DNS={server}");
        }
        for server in &time.servers {
            let _ = writeln!(text, "NTP={server}");
        }
        if !self.dns.is_empty() {
            text.push_str("[DHCPv4]\nUseDNS=no\n");
        }
        Some(text)
    }
}

impl Fixed {
    fn of(address: &str, gateway: Option<&str>) -> Result<Self, &'static str> {
        let form = "an address is written as \"192.168.1.50/24\"";
        let (address, prefix) = address.trim().split_once('/').ok_or(form)?;
        let (address, prefix): (Ipv4Addr, u32) = (
            address.parse().map_err(|_| form)?,
            prefix
                .parse()
                .map_err(|_| "what follows the / of an address is 8 to 30")?,
        );
        if !(8..=30).contains(&prefix) {
            return Err("what follows the / of an address is 8 to 30");
        }
        let gateway = gateway.map(|gateway| gateway.trim().parse::<Ipv4Addr>()).transpose();
        let fixed = Self {
            address,
            prefix,
            gateway: gateway.map_err(|_| "a gateway is written as \"192.168.1.1\"")?,
        };
        let of_nobody = address.octets()[0] == 0 || address.octets()[0] >= 224;
        if of_nobody || address.is_loopback() || address.is_link_local() || !fixed.is_host(address) {
            return Err("no machine can have this address");
        }
        // The kernel would refuse the way out.
        if fixed
            .gateway
            .is_some_and(|gateway| gateway == address || !fixed.is_host(gateway))
        {
            return Err("the gateway is not in the network of the address");
        }
        Ok(fixed)
    }

    /// Whether a machine in this network can have an address: neither the network's own nor the one for all.
    fn is_host(&self, other: Ipv4Addr) -> bool {
        let mask = u32::MAX << (32 - self.prefix);
        let (own, other) = (self.address.to_bits(), other.to_bits());
        own & mask == other & mask && other & !mask != 0 && other & !mask != !mask
    }
}

/// `[time]`: who is asked what time it is.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Time {
    /// Names or addresses, asked before those that DHCP names.
    servers: Vec<String>,
}

impl Time {
    /// Reads the table.
    pub fn read(table: &mut Table) -> Result<Self, Wrong> {
        let servers: Vec<String> = listed(table, "ntp")?
            .iter()
            // Names are also written with the dot of the root behind them (RFC 1034, 3.1).
            .map(|server| server.trim().trim_end_matches('.').to_owned())
            .collect();
        if !servers.iter().all(|server| is_host(server)) {
            return Err("ntp is names or addresses of servers, as \"ntp.example.vn\"".into());
        }
        Ok(Self { servers })
    }
}

/// Whether this is a name of a host (RFC 1123, 2.1) or an address.
pub fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.parse::<IpAddr>().is_ok() || text.len() <= LONGEST_HOST && text.split('.').all(is_label)
}

/// One, or several: both are what people write.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    One(String),
    Several(Vec<String>),
}

fn listed(table: &mut Table, key: &str) -> Result<Vec<String>, Wrong> {
    let servers = match table.take(key)? {
        None => Vec::new(),
        Some(Listed::One(one)) => vec![one],
        Some(Listed::Several(several)) => several,
    };
    if servers.len() > MOST_SERVERS {
        return Err("four servers of a kind are the most".into());
    }
    Ok(servers)
}

#[cfg(test)]
mod tests {
    use super::super::tables::quoted;
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Result<Address, Wrong> {
        Address::read(&mut Table::parse(text).expect("TOML"))
    }

    fn time(text: &str) -> Result<Time, Wrong> {
        Time::read(&mut Table::parse(text).expect("TOML"))
    }

    #[test]
    fn where_nothing_is_set_networkd_is_told_nothing() {
        let nothing = address("").expect("settings");
        assert_eq!(nothing.drop_in(&Time::default()), None);
    }

    #[test]
    fn a_fixed_address_takes_the_place_of_dhcp() {
        let cable =
            address("address = \"10.1.2.50/23\"\ngateway = \"10.1.3.254\"\ndns = [\"10.1.2.1\", \"2001:db8::1\"]");
        let expected = "[Network]\nDHCP=no\nAddress=10.1.2.50/23\nGateway=10.1.3.254\nDNS=10.1.2.1\nDNS=2001:db8::1\n\
                        [DHCPv4]\nUseDNS=no\n";
        let cable = cable.expect("settings").drop_in(&Time::default());
        assert_eq!(cable.as_deref(), Some(expected));
    }

    #[test]
    fn servers_can_be_set_where_dhcp_gives_the_address() {
        let cable = address("dns = \"8.8.8.8\"").expect("settings");
        let time = time("ntp = \"ntp.example.vn.\"").expect("settings");
        let expected = "[Network]\nDNS=8.8.8.8\nNTP=ntp.example.vn\n[DHCPv4]\nUseDNS=no\n";
        assert_eq!(cable.drop_in(&time).as_deref(), Some(expected));
        let usual = Address::default().drop_in(&time);
        assert_eq!(usual.as_deref(), Some("[Network]\nNTP=ntp.example.vn\n"));
    }

    #[test]
    fn an_address_that_can_not_be_is_refused_in_words() {
        for (wrong, words) in [
            ("address = \"192.168.1.50\"", "192.168.1.50/24"),
            ("address = \"192.168.1.50/255.255.255.0\"", "8 to 30"),
            ("address = \"192.168.1.50/0\"", "8 to 30"),
            ("address = \"192.168.1.0/24\"", "no machine"),
            ("address = \"192.168.1.255/24\"", "no machine"),
            ("address = \"127.0.0.1/8\"", "no machine"),
            ("address = \"0.0.0.5/8\"", "no machine"),
            ("address = \"255.255.255.254/24\"", "no machine"),
            (
                "address = \"192.168.1.50/24\"\ngateway = \"192.168.2.1\"",
                "not in the network",
            ),
            (
                "address = \"192.168.1.50/24\"\ngateway = \"192.168.1.50\"",
                "not in the network",
            ),
            ("gateway = \"192.168.1.1\"", "belongs to an address"),
            ("dns = \"dns.example.vn\"", "addresses of servers"),
            (
                "dns = [\"1.1.1.1\", \"1.1.1.2\", \"1.1.1.3\", \"1.1.1.4\", \"1.1.1.5\"]",
                "the most",
            ),
            ("dns = 8", ""),
        ] {
            let said = format!("{:?}", address(wrong).expect_err(wrong));
            assert!(said.contains(words), "{wrong}: {said}");
        }
        for wrong in [
            "ntp = \"ntp example.vn\"",
            "ntp = \"-x.vn\"",
            "ntp = \"\"",
            "ntp = \"giờ.vn\"",
        ] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// Whatever is set, the file has the lines of this module and no others.
        #[test]
        fn no_value_brings_a_line_of_its_own(values in prop::collection::vec("\\PC{0,40}|[0-9./:]{0,20}|(?s).{0,40}|10\\.0\\.0\\.[0-9]{1,3}(/24)?(\n\\[Link\\]\nUnmanaged=yes)?", 5)) {
            let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let text = format!("address = {}\ngateway = {}\ndns = [{}, {}]", quoted[0], quoted[1], quoted[2], quoted[3]);
            let address = address(&text).unwrap_or_default();
            let time = time(&format!("ntp = {}", quoted[4])).unwrap_or_default();
            for line in address.drop_in(&time).unwrap_or_default().lines() {
                let known = ["DHCP=no", "UseDNS=no", "[Network]", "[DHCPv4]"].contains(&line);
                let value = ["Address=", "Gateway=", "DNS=", "NTP="].into_iter().find_map(|key| line.strip_prefix(key));
                let is_plain = |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:/-".contains(&byte));
                prop_assert!(known || value.is_some_and(is_plain), "{line:?}");
            }
        }
    }
}
