//! The server's certificate, which somebody renews while it runs. Begin with [`Certificate::open`].

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;

/// How often the files are looked at: two questions to the file system.
const LOOK: Duration = Duration::from_secs(5);

/// Certificate chain and key, as PEM files.
pub struct Certificate {
    files: (PathBuf, PathBuf),
    config: RustlsConfig,
    /// Which files were read last, or tried.
    read: Option<[Identity; 2]>,
}

/// What tells a file from the one that was there before: its inode, and when it changed.
type Identity = (u64, i64, i64);

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// They can't be read, or are no certificate and its key.
    pub async fn open(chain: PathBuf, key: PathBuf) -> io::Result<Self> {
        let files = (chain, key);
        let read = identities(&files).ok();
        let config = only_http1(&RustlsConfig::from_pem_file(&files.0, &files.1).await?);
        Ok(Self { files, config, read })
    }

    /// What the server speaks with, now and whenever the files are others.
    pub fn config(&self) -> RustlsConfig {
        self.config.clone()
    }

    /// Reads the files whenever they are others, as long as the program runs. Half of a new pair is no pair: then the old one goes on.
    pub async fn follow(mut self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let Ok(there) = identities(&self.files) else {
                // Whoever renews them is between the two.
                continue;
            };
            if self.read.as_ref() == Some(&there) {
                continue;
            }
            self.read = Some(there);
            match RustlsConfig::from_pem_file(&self.files.0, &self.files.1).await {
                Ok(new) => {
                    self.config.reload_from_config(only_http1(&new).get_inner());
                    tracing::info!("the certificate was read anew");
                }
                Err(error) => tracing::error!("the certificate goes on being the old one: {error}"),
            }
        }
    }
}

fn identities((chain, key): &(PathBuf, PathBuf)) -> io::Result<[Identity; 2]> {
    let of = |file: &PathBuf| {
        let there = std::fs::metadata(file)?;
        Ok::<_, io::Error>((there.ino(), there.ctime(), there.ctime_nsec()))
    };
    Ok([of(chain)?, of(key)?])
}

/// Browsers speak what they are offered first, and that would be HTTP/2.
fn only_http1(config: &RustlsConfig) -> RustlsConfig {
    let mut config = rustls::ServerConfig::clone(&config.get_inner());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    RustlsConfig::from_config(Arc::new(config))
}
