//! An authority that vouches for names on this machine, made by openssl for one test.

use std::path::PathBuf;
use std::process::Command;

use crate::support::Folder;
use crate::support::authenticator::sha256;

/// One authority and one certificate for all names of a test.
pub struct Certificates {
    folder: Folder,
}

impl Certificates {
    /// Makes them.
    pub fn of(names: &[&str]) -> Self {
        let made = Self { folder: Folder::new() };
        let alternatives: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
        let extensions = format!("subjectAltName={}\nextendedKeyUsage=serverAuth\n", alternatives.join(","));
        std::fs::write(made.folder.path().join("extensions"), extensions).unwrap();
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
        let ours = ["-x509", "-keyout", "authority.key", "-out", "authority.pem", "-days", "2", "-subj", "/CN=Authority of the tests"];
        made.openssl(&[&["req"], &key[..], &ours[..]].concat());
        made.openssl(&[&["req"], &key[..], &["-keyout", "site.key", "-out", "site.csr", "-subj", "/CN=Site of the tests"][..]].concat());
        let signed = ["-in", "site.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-days", "1"];
        made.openssl(&[&["x509", "-req"], &signed[..], &["-extfile", "extensions", "-out", "site.pem"][..]].concat());
        made
    }

    fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "openssl {arguments:?}:\n{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The authority's own certificate: what clients are told to trust.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }
    /// The certificate of the names.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("site.pem")
    }
    /// Its key.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("site.key")
    }
    /// What Chromium is told, so that it takes this one key and no other for trusted.
    pub fn for_chromium(&self) -> String {
        self.openssl(&["x509", "-in", "site.pem", "-pubkey", "-noout", "-out", "public.pem"]);
        let public = self.openssl(&["pkey", "-pubin", "-in", "public.pem", "-outform", "der"]);
        format!("--ignore-certificate-errors-spki-list={}", data_encoding::BASE64.encode(&sha256(&public)))
    }
}
