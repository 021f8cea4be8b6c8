//! A PostgreSQL as on another machine: reached by TCP alone, over TLS, with a password. Begin with [`Elsewhere::start`].

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use super::{INSTALL, LONGEST, Server, as_the_server, execute, programs, short, suits};

/// What the office's account says to come in.
pub const PASSWORD: &str = "mot-mat-khau";

/// A server of one test.
pub struct Elsewhere {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    /// The certificate of the authority that signed its own, which is for `localhost` and no other name.
    pub ca: PathBuf,
    server: Server,
}

/// An authority, and a certificate for `localhost` that it has signed, as PEM: its own certificate, the other, the other's key.
pub fn certified() -> [String; 3] {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    // Whoever is called as its issuer is taken to have signed itself.
    authority
        .distinguished_name
        .push(DnType::CommonName, "Authority for tests");
    let key = KeyPair::generate().expect("a key");
    let ca = authority.self_signed(&key).expect("a certificate");
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let signed = params.signed_by(&key, &issuer).expect("a certificate");
    [ca.pem(), signed.pem(), key.serialize_pem()]
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Writes a file that only the server's user may read.
pub fn put(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::write(&file, text).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
    if !as_the_server().is_empty() {
        let given = Command::new("chown").arg("postgres").arg(&file).status();
        assert!(given.is_ok_and(|status| status.success()));
    }
}

impl Elsewhere {
    /// Starts one. `more` are options of the server.
    pub fn start(more: &str) -> Self {
        let programs = programs().expect(INSTALL);
        // Somebody may take the port before the server does.
        let started = (0..5).find_map(|_| {
            let folder = short::folder(LONGEST, suits);
            let here = folder.path().to_owned();
            let [ca, certificate, key] = certified();
            put(&here, "key.pem", &key);
            put(&here, "certificate.pem", &certificate);
            // Without TLS nobody comes in.
            let rules = "local all postgres trust\nhostssl all office 127.0.0.1/32 scram-sha-256\n";
            put(&here, "hba.conf", rules);
            let authority = here.join("ca.pem");
            fs::write(&authority, ca).expect("written");
            let port = free_port();
            let here = here.display();
            let options = format!(
                "-c listen_addresses=127.0.0.1 -p {port} -c fsync=off -c ssl=on -c ssl_cert_file={here}/certificate.pem \
                 -c ssl_key_file={here}/key.pem -c hba_file={here}/hba.conf {more}"
            );
            let server = Server::start(&programs, folder, &options)?;
            Some(Self {
                port,
                ca: authority,
                server,
            })
        });
        started.expect("PostgreSQL starts")
    }

    /// A new, empty database of an account with a password, by its name.
    pub async fn database(&self) -> String {
        let name = format!("test_{:016x}", fastrand::u64(..));
        let admin = self.admin("postgres");
        let account = format!(
            "DO $$ BEGIN CREATE ROLE office LOGIN PASSWORD '{PASSWORD}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        );
        execute(&admin, &account).await;
        execute(&admin, &format!("CREATE DATABASE {name} OWNER office")).await;
        name
    }

    /// How the office reaches a database there.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://office:{PASSWORD}@localhost:{}/{database}", self.port)
    }

    /// How whoever runs the server reaches a database there, past the network.
    pub fn admin(&self, database: &str) -> String {
        let folder = self.server.folder.replace('/', "%2F");
        format!("postgres://postgres@{folder}:{}/{database}", self.port)
    }
}
