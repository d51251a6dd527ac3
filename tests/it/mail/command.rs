//! `vouchsafe mail test`: one message now, and what the server answered.

use std::process::Output;

use crate::support::Backend;
use crate::support::mailbox::Mailbox;
use crate::support::server::Home;

/// Runs the command with a mail server in a file; its success and all it said.
async fn run(home: &Home, server: &str, to: &str) -> (bool, String) {
    let file = home.data().parent().unwrap().join("mail.toml");
    std::fs::write(&file, format!("[mail]\nserver = \"{server}\"\nfrom = \"signin@acme.example\"\n")).unwrap();
    let file = file.display().to_string();
    let arguments = ["mail", "test", "--to", to, "--config", &file].map(str::to_owned);
    let output: Output = tokio::task::block_in_place(|| home.run(&arguments.each_ref().map(String::as_str)));
    (output.status.success(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_the_server_answers() {
    let home = Home::new(Backend::Sqlite);
    let mailbox = Mailbox::open().await;
    let with_login = mailbox.url.replace("smtp://", "smtp://ana:s%3Acret@");
    let (done, said) = run(&home, &with_login, "ana@acme.example").await;
    assert!(done && said.contains("accepted the email: 250"), "{said}");
    let [mail] = mailbox.take().try_into().unwrap();
    assert!(mail.to == "ana@acme.example" && mail.header("subject").unwrap().contains("Test email"), "{}", mail.raw);
    assert!(!home.data().exists(), "it makes no database");
    for (login, answer, why) in [
        ("235 welcome", "550 5.1.1 nobody here", "refused the email"),
        ("235 welcome", "451 come again", "does not accept the email now"),
        ("535 5.7.8 wrong\u{1b}[31m password", "250 taken", "refused the login"),
    ] {
        mailbox.answers(answer);
        mailbox.answers_login(login);
        let (done, said) = run(&home, &with_login, "ana@acme.example").await;
        assert!(!done && said.contains(why), "{why}: {said}");
        let code = if login.starts_with("535") { "wrong" } else { &answer[4..] };
        assert!(said.contains(code) && !said.contains('\u{1b}') && !said.contains("s:cret"), "its own words: {said}");
    }
    let port = mailbox.url.rsplit(':').next().unwrap();
    let (done, said) = run(&home, &format!("smtps://127.0.0.1:{port}"), "ana@acme.example").await;
    assert!(!done && said.contains("connection to the mail server cannot be trusted"), "{said}");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (done, said) = run(&home, &format!("smtp://{free}"), "ana@acme.example").await;
    assert!(!done && said.contains("cannot be reached"), "{said}");
    let (done, said) = run(&home, &mailbox.url, "ana@acme.example\u{2028}x").await;
    assert!(!done && said.contains("not an email address"), "{said}");
    let output = home.run(&["mail", "test", "--to", "ana@acme.example"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("No mail server is set"));
    assert_eq!(mailbox.take().len(), 0);
}
