//! How connections to the database are encrypted, and whom they trust.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all.
    Off,
    /// Always, with whoever answers.
    Require,
    /// Always, with a server whose certificate is for its name and from somebody who is trusted.
    Verify,
}

/// How connections are to be encrypted. Whatever `sslmode` the URL says does not count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsSettings {
    /// How. Where nothing is said: not at all on this machine, and with verification elsewhere.
    pub mode: Option<TlsMode>,
    /// A file of certificates (PEM) that are trusted, instead of those that the machine trusts.
    pub ca_file: Option<PathBuf>,
}

/// Why connections cannot be encrypted as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of certificates cannot be read.
    #[error("the certificates in `{path}` cannot be read")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file holds none.
    #[error("`{path}` holds no certificate in PEM")]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The library cannot be set up.
    #[error("encryption cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// The encryption of connections to one database.
#[derive(Clone)]
pub struct Tls {
    mode: TlsMode,
    connector: MakeRustlsConnect,
}

impl Tls {
    /// The encryption of connections to the servers of `config`.
    ///
    /// # Errors
    /// When certificates cannot be read.
    pub(crate) fn new(config: &Config, settings: &TlsSettings) -> Result<Self, TlsError> {
        let mode = settings.mode.unwrap_or(if is_on_this_machine(config) {
            TlsMode::Off
        } else {
            TlsMode::Verify
        });
        let client = client(mode, settings.ca_file.as_deref())?;
        Ok(Self { mode, connector: MakeRustlsConnect::new(client) })
    }

    /// How connections are encrypted.
    #[must_use]
    pub const fn mode(&self) -> TlsMode {
        self.mode
    }

    /// Makes connections by this configuration be encrypted so. They have to be opened with
    /// [`Self::connector`].
    pub fn apply(&self, config: &mut Config) {
        config.ssl_mode(match self.mode {
            TlsMode::Off => SslMode::Disable,
            TlsMode::Require | TlsMode::Verify => SslMode::Require,
        });
    }

    /// What encrypts.
    #[must_use]
    pub fn connector(&self) -> MakeRustlsConnect {
        self.connector.clone()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tls").field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// Whether no connection leaves this machine.
pub(crate) fn is_on_this_machine(config: &Config) -> bool {
    let is_local = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        Host::Unix(_) => true,
    };
    // An address says where a host is, whatever its name.
    if config.get_hostaddrs().is_empty() {
        config.get_hosts().iter().all(is_local)
    } else {
        config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
    }
}

fn client(mode: TlsMode, ca_file: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Setup)?;
    let builder = match (mode, ca_file) {
        (TlsMode::Off | TlsMode::Require, _) => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        }
        (TlsMode::Verify, Some(path)) => builder.with_root_certificates(roots(path)?),
        (TlsMode::Verify, None) => builder.with_platform_verifier().map_err(TlsError::Setup)?,
    };
    Ok(builder.with_no_client_auth())
}

fn roots(path: &Path) -> Result<RootCertStore, TlsError> {
    let unreadable = |source| TlsError::Certificates { path: path.to_owned(), source };
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(path).map_err(unreadable)?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate =
            certificate.map_err(|error| unreadable(io::Error::other(error.to_string())))?;
        roots.add(certificate).map_err(TlsError::Setup)?;
    }
    if roots.is_empty() {
        return Err(TlsError::NoCertificate { path: path.to_owned() });
    }
    Ok(roots)
}

/// Trusts whoever answers, as [`TlsMode::Require`] says. That the one who answers has the key of
/// the certificate it shows is checked all the same.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str, mode: Option<TlsMode>) -> TlsMode {
        let settings = TlsSettings { mode, ca_file: None };
        Tls::new(&url.parse().unwrap(), &settings).unwrap().mode()
    }

    #[test]
    fn without_a_word_only_connections_on_this_machine_are_not_encrypted() {
        for url in [
            "postgres://a@127.0.0.1/d",
            "postgres://a@localhost:1/d",
            "postgres://a@[::1]/d",
            "host=/run/postgresql",
            "host=db hostaddr=127.0.0.1",
        ] {
            assert_eq!(mode(url, None), TlsMode::Off, "{url}");
        }
        for url in [
            "postgres://a@db/d",
            "postgres://a@127.0.0.1,db/d",
            "postgres://a@db/d?sslmode=disable",
            "host=localhost hostaddr=10.0.0.1",
        ] {
            assert_eq!(mode(url, None), TlsMode::Verify, "{url}");
        }
    }

    #[test]
    fn what_is_said_counts_before_what_the_url_says() {
        for (said, ssl) in [
            (TlsMode::Off, SslMode::Disable),
            (TlsMode::Require, SslMode::Require),
            (TlsMode::Verify, SslMode::Require),
        ] {
            let mut config: Config = "postgres://a@db/d?sslmode=prefer".parse().unwrap();
            let tls = Tls::new(&config, &TlsSettings { mode: Some(said), ca_file: None }).unwrap();
            assert_eq!(tls.mode(), said);
            tls.apply(&mut config);
            assert_eq!(config.get_ssl_mode(), ssl);
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let config = "postgres://a@db/d".parse().unwrap();
        let new = |path: &str| {
            let settings = TlsSettings { mode: None, ca_file: Some(path.into()) };
            Tls::new(&config, &settings).unwrap_err()
        };
        assert!(matches!(new("/no/such.pem"), TlsError::Certificates { .. }));
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(matches!(new(own), TlsError::NoCertificate { .. }));
    }
}
