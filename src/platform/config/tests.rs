//! The settings as a whole: layers, mistakes, the reference.

use std::time::Duration;

use super::*;

fn file(text: &str) -> Sources {
    Sources { file: Some(("vouchsafe.toml".into(), text.into())), ..Sources::default() }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn problems(sources: Sources) -> Vec<String> {
    load(sources).unwrap_err().iter().map(SettingProblem::to_string).collect()
}

#[test]
fn the_defaults_need_nothing_and_fit_their_fields() {
    let settings = load(Sources::default()).unwrap();
    assert_eq!(settings.origin().as_str(), "http://localhost:8080");
    assert_eq!(settings.clone().with_port(50_123).origin().as_str(), "http://localhost:50123");
    assert_eq!(secrecy::ExposeSecret::expose_secret(&settings.database.url), "sqlite://data/vouchsafe.sqlite");
    assert_eq!(settings.data.master_key_file(), std::path::Path::new("data/keys/master"));
    assert!(settings.demo_runs() && settings.server.trusted_proxies.is_empty() && settings.keys.master.is_none());
    assert_eq!((settings.password.minimum, settings.password.minimum_alone, settings.password.memory_max_kib), (12, 15, 65_536));
    assert_eq!((settings.sign_in.free_failures, settings.sign_in.disable_after, settings.sign_in.totp_skew), (5, 100, 1));
    assert_eq!((settings.sign_in.attempt, settings.sign_in.ceremony), (Duration::from_secs(3_600), Duration::from_secs(300)));
    assert_eq!((settings.session.lifetime, settings.session.reauthentication), (Duration::from_secs(43_200), Duration::from_secs(900)));
    assert_eq!(settings.session.known_device, Duration::from_secs(90 * 86_400));
    assert_eq!((settings.oidc.code, settings.links.invitation), (Duration::from_secs(60), Duration::from_secs(72 * 3_600)));
    assert_eq!((settings.log.format, settings.log.level), (Format::Text, Level::Info));
}

#[test]
fn a_later_layer_wins() {
    let sources = |environment: &[(&str, &str)], flags: &[(&str, &str)]| Sources {
        environment: pairs(environment),
        flags: pairs(flags),
        ..file("[server]\nlisten = \"localhost:1\"\norganisation = \"Acme\"")
    };
    let variable = [("VOUCHSAFE_SERVER__LISTEN", "localhost:2"), ("PATH", "/bin")];
    let flag = [("server.listen", "localhost:3")];
    assert_eq!(load(sources(&[], &[])).unwrap().server.listen.port, 1);
    assert_eq!(load(sources(&variable, &[])).unwrap().server.listen.port, 2);
    let settings = load(sources(&variable, &flag)).unwrap();
    assert_eq!((settings.server.listen.port, settings.server.organisation.as_str()), (3, "Acme"));

    let line = |key: &str| settings.effective().iter().find(|line| line.key == key).unwrap().clone();
    assert_eq!((line("server.listen").shown.as_str(), line("server.listen").source.as_str()), ("localhost:3", "--listen"));
    assert_eq!((line("server.public_url").shown.as_str(), line("server.public_url").source.as_str()), ("http://localhost:3", "default"));
    assert_eq!(line("server.organisation").source, "vouchsafe.toml:3");
    assert_eq!((line("log.level").shown.as_str(), line("log.level").source.as_str()), ("info", "default"));
}

#[test]
fn everything_wrong_is_listed_at_once_with_its_line() {
    let sources = Sources {
        environment: pairs(&[("VOUCHSAFE_SERVER__WORKERS", "many"), ("VOUCHSAFE_SESSION_IDLE", "1h")]),
        flags: pairs(&[("server.public_url", "http://192.0.2.1")]),
        ..file(concat!(
            "public_url = \"https://a.example\"\n",
            "[server]\n",
            "organisation = \"\"\n",
            "listen = 8080\n",
            "trusted_proxies = [\"10.0.0.0/8\", \"10.0.0.1/8\"]\n",
            "[sesion]\n",
            "idle = \"1h\"\n",
            "[session]\n",
            "lifetime = \"3 days\"\n",
            "reauthentication = \"1h\"\n",
            "[oidc]\n",
            "code = 60\n",
            "[demo]\n",
            "enabled = \"maybe\"\n",
            "listen = { port = 1 }\n",
        ))
    };
    assert_eq!(
        problems(sources),
        [
            "vouchsafe.toml:1  unknown key public_url: did you mean server.public_url?",
            "vouchsafe.toml:3  server.organisation is \"\"; allowed: one line of text, at most 60 characters",
            "vouchsafe.toml:4  server.listen is 8080 (it must be text in quotes); allowed: localhost:PORT, ADDRESS:PORT or [IPV6]:PORT; port 0 takes a free one",
            "vouchsafe.toml:5  server.trusted_proxies is [\"10.0.0.0/8\", \"10.0.0.1/8\"] (an entry has bits set after its prefix, as in 10.0.0.1/8 where 10.0.0.0/8 is meant); allowed: a list of IP addresses or networks such as 10.0.0.0/8 or fd00::/8",
            "vouchsafe.toml:6  unknown section [sesion]: did you mean [session]?",
            "vouchsafe.toml:9  session.lifetime is \"3 days\"; allowed: a time from 5m to 1d, written with s, m, h or d",
            "vouchsafe.toml:10  session.reauthentication is \"1h\" (that is too long); allowed: a time from 1m to 15m, written with s, m, h or d",
            "vouchsafe.toml:12  oidc.code is 60 (the unit is missing); allowed: a time from 10s to 10m, written with s, m, h or d",
            "vouchsafe.toml:14  demo.enabled is \"maybe\"; allowed: true or false",
            "vouchsafe.toml:15  demo.listen is a table; allowed: localhost:PORT, ADDRESS:PORT or [IPV6]:PORT; port 0 takes a free one",
            "VOUCHSAFE_SERVER__WORKERS  server.workers is \"many\"; allowed: a whole number from 1 to 64",
            "VOUCHSAFE_SESSION_IDLE  unknown variable VOUCHSAFE_SESSION_IDLE: did you mean VOUCHSAFE_SESSION__IDLE?",
            "--public-url  server.public_url is \"http://192.0.2.1\" (passkeys need a host name, not an IP address); allowed: https:// and a host name, or http://localhost, with a port if needed and no path",
        ]
    );
}

#[test]
fn a_mistake_counts_also_where_it_is_overruled() {
    let sources = Sources { flags: pairs(&[("server.listen", "localhost:3")]), ..file("[server]\nlisten = \"nowhere\"") };
    assert_eq!(problems(sources).len(), 1);
}

#[test]
fn what_is_not_toml_is_named_with_its_line_and_the_rest_is_still_checked() {
    let listed = problems(file("[server]\npublic_url = https://a.example\nlisten = \"nowhere\"\n[log]\nlevel = \"loud\"\n"));
    assert!(listed[0].starts_with("vouchsafe.toml:2  this is not TOML: "), "{listed:?}");
    assert_eq!(listed.iter().filter(|line| line.contains(":2 ")).count(), 1, "{listed:?}");
    assert!(listed.iter().any(|line| line.starts_with("vouchsafe.toml:3  server.listen")), "{listed:?}");
    assert!(listed.iter().any(|line| line.starts_with("vouchsafe.toml:5  log.level is \"loud\"")), "{listed:?}");
    // A section that cannot be read says so once; what stands below it is not looked for elsewhere.
    let listed = problems(file("[server]\nlisten = \"localhost:1\"\n[mail\nserver = \"smtp://localhost\"\n[log]\nlevel = \"loud\"\n"));
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed[0].starts_with("vouchsafe.toml:3  this is not TOML: "), "{listed:?}");
    assert!(listed[1].starts_with("vouchsafe.toml:6  log.level"), "{listed:?}");
}

#[test]
fn a_key_given_twice_is_refused() {
    let listed = problems(file("[log]\nlevel = \"info\"\nlevel = \"debug\"\n"));
    assert!(listed.len() == 1 && listed[0].starts_with("vouchsafe.toml:3"), "{listed:?}");
}

#[test]
fn what_contradicts_itself_is_refused() {
    let listed = problems(file("[session]\nlifetime = \"10m\"\nidle = \"20m\"\nadmin_idle = \"5m\"\nreauthentication = \"5m\"\n"));
    assert_eq!(
        listed,
        ["vouchsafe.toml:3  session.idle is 20m and must not be more than session.lifetime, which is 10m (vouchsafe.toml:2)"]
    );
    let listed = problems(file("[server]\npublic_url = \"https://a.example\"\n[demo]\nenabled = true\n"));
    assert!(listed.len() == 1 && listed[0].starts_with("vouchsafe.toml:4  demo.enabled is true"), "{listed:?}");
    let local = Settings::from_pairs(&[("server.public_url", "http://localhost:9000"), ("demo.enabled", "true")]).unwrap();
    assert!(local.demo_runs());
    assert!(!Settings::from_pairs(&[("server.public_url", "https://a.example")]).unwrap().demo_runs());
}

#[test]
fn a_secret_is_a_value_or_a_file_and_is_never_shown() {
    // LG-06
    let folder = std::env::temp_dir().join(format!("vouchsafe-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("url");
    std::fs::write(&path, "postgres://ana:hunter2@db.example/v\n").unwrap();
    let named = path.display().to_string();
    let mode = |mode| std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    mode(0o644);
    let exposed = problems(Sources { flags: pairs(&[("database.url_file", &named)]), ..Sources::default() });
    assert!(exposed.len() == 1 && exposed[0].contains("mode 0644") && exposed[0].contains("keys.files"), "{exposed:?}");
    let mounted = Settings::from_pairs(&[("database.url_file", &named), ("keys.files", "mounted")]).unwrap();
    assert!(mounted.warnings().len() == 1 && mounted.warnings()[0].to_string().contains("mode 0644"));
    mode(0o600);
    let settings = Settings::from_pairs(&[("database.url_file", &named)]).unwrap();
    assert!(settings.warnings().is_empty());
    assert_eq!(secrecy::ExposeSecret::expose_secret(&settings.database.url), "postgres://ana:hunter2@db.example/v");
    assert!(!format!("{settings:?}").contains("hunter2"));
    assert!(as_columns(settings.effective()).contains("postgres://ana:****@db.example/v"));

    let both = Sources {
        environment: pairs(&[("VOUCHSAFE_DATABASE__URL", "sqlite://x"), ("VOUCHSAFE_DATABASE__URL_FILE", &named)]),
        ..Sources::default()
    };
    assert!(problems(both)[0].contains("given both as a value and as a file"));
    let layers = Sources { flags: pairs(&[("database.url", "sqlite://x")]), ..file(&format!("[database]\nurl_file = \"{named}\"")) };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&load(layers).unwrap().database.url), "sqlite://x");

    std::fs::write(&path, "mysql://ana:hunter2@db.example/v\n").unwrap();
    for wrong in [
        vec![("database.url_file", named.as_str())],
        vec![("database.url_file", "/no/such/hunter2")],
        vec![("database.url", "mysql://ana:hunter2@db")],
        vec![("keys.master", "hunter2")],
        vec![("keys.master_file", "hunter2")],
    ] {
        let listed = problems(Sources { flags: pairs(&wrong), ..Sources::default() });
        assert!(listed.len() == 1 && !listed[0].contains("hunter2"), "{listed:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_database_follows_the_data_folder() {
    let settings = Settings::from_pairs(&[("data.folder", "/srv/v")]).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&settings.database.url), "sqlite:///srv/v/vouchsafe.sqlite");
}

#[test]
fn each_key_has_one_variable_and_one_meaning() {
    let mut variables: Vec<String> = table::settings().map(setting::Setting::variable).collect();
    assert!(variables.contains(&"VOUCHSAFE_SERVER__PUBLIC_URL".to_owned()));
    let count = variables.len();
    variables.sort();
    variables.dedup();
    assert_eq!(variables.len(), count);
    for (section, settings) in table::sections() {
        assert!(settings.iter().all(|setting| setting.key == format!("{section}.{}", setting.name())), "{section}");
    }
    for setting in table::settings() {
        assert!(setting.text.ends_with('.') && !setting.text.contains('|'), "{}", setting.key);
    }
    assert!(setting::FLAGS.iter().all(|(key, _)| table::settings().any(|setting| setting.key == *key)));
}

#[test]
fn the_printed_file_can_be_used_as_it_is() {
    // Taking the comment sign from every line that sets something changes nothing.
    let printed = as_file();
    load(file(&printed)).unwrap();
    let set: String = printed
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ') && !rest.ends_with(" =")).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let settings = load(file(&set)).unwrap();
    for (one, other) in settings.effective().iter().zip(Settings::defaults().effective()) {
        assert_eq!((one.key, &one.shown), (other.key, &other.shown));
    }
    assert!(settings.effective().iter().any(|line| line.key == "oidc.code" && line.source.starts_with("vouchsafe.toml:")));
}

#[test]
fn the_readme_says_what_the_table_says() {
    let (begin, end) = ("<!-- settings:begin -->", "<!-- settings:end -->");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let block = readme.split_once(begin).and_then(|(_, rest)| rest.split_once(end)).map(|(block, _)| block.trim());
    let hint = "copy the output of `cargo run -- settings --markdown` between the settings marks of README.md";
    assert_eq!(block, Some(as_markdown().trim()), "{hint}");
}

#[test]
fn an_empty_variable_is_unset() {
    let environment = pairs(&[("VOUCHSAFE_MAIL__SERVER", ""), ("VOUCHSAFE_SERVER__LISTEN", ""), ("VOUCHSAFE_CONFIG", "")]);
    let sources = Sources { environment, ..file("[server]\nlisten = \"127.0.0.1:1234\"\n") };
    let settings = load(sources).unwrap();
    assert!(settings.mail.server.is_none());
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:1234");
    let unknown = Sources { environment: pairs(&[("VOUCHSAFE_MAIL__SERVE", "")]), ..Sources::default() };
    assert_eq!(problems(unknown).len(), 1, "a name with a slip is one all the same");
}
