//! Apache with mod_auth_openidc, set up as README.md says, with one page that shows who came.

use std::path::PathBuf;
use std::process::Command;

use super::nginx::wait_for;
use super::{Certificates, Names, filled_in, from_readme};
use crate::support::process::Process;
use crate::support::{Folder, required};

/// A running Apache.
pub struct Apache {
    _process: Process,
    _folder: Folder,
}

/// What of Apache the page needs.
const MODULES: [&str; 10] =
    ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "ssl", "socache_shmcb", "mime", "include", "dir"];

const PAGE: &str = "<!doctype html><html lang=\"en\"><title>Wiki</title><h1>Wiki</h1>
<p>User: <b id=\"user\"><!--#echo var=\"REMOTE_USER\" --></b>
<p>Issuer: <b id=\"issuer\"><!--#echo var=\"OIDC_CLAIM_iss\" --></b>
<p>Name: <b id=\"name\"><!--#echo var=\"OIDC_CLAIM_name\" --></b>
<p>Mail: <b id=\"mail\"><!--#echo var=\"OIDC_CLAIM_email\" --></b>
<p><a href=\"/callback?logout=BYE\">Leave</a></html>\n";

impl Apache {
    /// Its address at a port. It thinks its port part of its name.
    pub fn address(port: u16) -> String {
        format!("https://wiki.example.org:{port}")
    }

    /// Starts it on a port, as the application with this id and secret.
    pub fn start(port: u16, client_id: &str, secret: &str, certificates: &Certificates, names: &Names) -> Self {
        let (folder, address) = (Folder::new(), Self::address(port));
        let pages = folder.path().join("pages");
        std::fs::create_dir(&pages).unwrap();
        let bye: String = form_urlencoded::byte_serialize(format!("{address}/bye.html").as_bytes()).collect();
        std::fs::write(pages.join("index.shtml"), PAGE.replace("BYE", &bye)).unwrap();
        std::fs::write(pages.join("bye.html"), "<!doctype html><html lang=\"en\"><title>Wiki</title><h1>Goodbye</h1></html>\n").unwrap();
        let client = filled_in(
            &from_readme("apache", "OIDCClientID"),
            &[
                ("OIDCClientID \"...\"", &format!("OIDCClientID \"{client_id}\"")),
                ("https://wiki.example.org/", &format!("{address}/")),
                ("OIDCClientSecret \"...\"", &format!("OIDCClientSecret \"{secret}\"")),
            ],
        );
        let configuration = folder.path().join("apache.conf");
        std::fs::write(&configuration, frame(port, folder.path(), certificates, names, &client)).unwrap();
        // One process, so that it ends with the test however that ends.
        let mut command = Command::new(required("TEST_APACHE"));
        let mut process = Process::start("apache", command.arg("-X").arg("-f").arg(&configuration));
        wait_for(&mut process, port);
        Self { _process: process, _folder: folder }
    }
}

/// What stands around the README's lines: a server on this machine with our authority and our names.
fn frame(port: u16, folder: &std::path::Path, certificates: &Certificates, names: &Names, client: &str) -> String {
    let modules = PathBuf::from(required("TEST_APACHE_MODULES"));
    let load = MODULES.map(|name| format!("LoadModule {name}_module {}\n", modules.join(format!("mod_{name}.so")).display()));
    let (folder, proxy) = (folder.display(), names.address());
    let [authority, certificate, key] =
        [certificates.authority(), certificates.certificate(), certificates.key()].map(|path| path.display().to_string());
    format!(
        "{load}ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nServerName wiki.example.org\n\
         Listen 127.0.0.1:{port}\nErrorLog /dev/stderr\nLogLevel warn\n{user}\
         TypesConfig /dev/null\nAddType text/html .shtml .html\nAddOutputFilter INCLUDES .shtml\n\
         DocumentRoot {folder}/pages\nDirectoryIndex index.shtml\n\
         <Directory {folder}/pages>\nOptions +Includes\n</Directory>\n\
         OIDCOutgoingProxy {proxy}\nOIDCCABundlePath {authority}\n\
         <VirtualHost *:{port}>\nServerName wiki.example.org\nSSLEngine on\nSSLCertificateFile {certificate}\nSSLCertificateKeyFile {key}\n\
         {client}</VirtualHost>\n",
        load = load.concat(),
        user = lesser_user(),
    )
}

/// Started by root it gives its rights up, and asks for whom.
fn lesser_user() -> &'static str {
    let us = Command::new("id").arg("-u").output().unwrap();
    if us.stdout == b"0\n" { "User nobody\nGroup nogroup\n" } else { "" }
}
