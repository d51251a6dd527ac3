//! The links by which people join: what they open, for whom, and for how long.

use super::*;

both!(
    a_colleague_joins_by_a_card,
    an_invitation_opens_nothing_once_it_is_over,
    whoever_says_not_me_closes_the_link,
    names_in_use_are_refused_plainly,
    one_invitation_lets_one_in,
    withdrawing_and_accepting_at_once_leaves_no_half_state,
    a_link_is_for_nobody_elses_session,
    the_code_of_a_link_leaves_the_address,
    the_policy_holds_whatever_a_guest_posts,
);

async fn a_colleague_joins_by_a_card(backend: Backend) {
    // EN-02, EN-04, EN-05, EN-06
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[("email", "ben@acme.example"), ("groups", "Warehouse, Night shift")]).await;
    assert!(page_of(&ana, "Ben Example").await.words().contains("Pending until"));
    let http = Http::new(&server.address);
    // Anyone who looks, however often, uses nothing; and reads who and why before any field.
    for method in [reqwest::Method::HEAD, reqwest::Method::GET, reqwest::Method::GET] {
        http.request(method.clone(), &link).send().await.expect(303);
        http.request(method, "/invite").send().await.expect(200);
    }
    let page = http.follow(&link).await.expect(200);
    for said in ["Ana Example", "Starts on Monday", "Ben Example", "three minutes"] {
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    assert!(!page.text().contains("type=\"text\""));
    // Left half-way, and come back with the link in the same browser.
    let half = http.submit(&page, "/invite", &[]).await.expect(200);
    let half = http.submit(&half, "/method", &[("method", "password")]).await.expect(200);
    let again = http.follow(&link).await.expect(200);
    let back = http.submit(&again, "/invite", &[]).await.expect(200);
    assert_eq!(back.url, half.url);
    let page = http.submit(&back, "/password", &[("password", PASSWORD)]).await.expect(200);
    let key = key_on(&page);
    let done = http.submit(&page, "/totp", &[("code", &totp::code(&key, server.time())), ("label", "phone")]).await.expect(200);
    assert!(done.words().contains("recovery codes"), "{}", done.words());
    let done = http.submit(&done, "/recovery", &[("decision", "later")]).await.expect(200);
    assert!(done.words().contains("You’re all set") && !done.words().contains("administrator of"));
    let home = http.get("/me").await.expect(200).words();
    assert!(home.contains("ben@acme.example"));
    let seen = page_of(&ana, "Ben Example").await.words();
    for said in ["Active", "Warehouse", "Night shift", "one authenticator"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    for (kind, count) in [(Kind::InvitationMade, 1), (Kind::InvitationAccepted, 1), (Kind::GroupJoined, 2), (Kind::TotpAdded, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
    // By name or address they sign in like everybody.
    server.pass(31);
    let elsewhere = Http::new(&server.address);
    let page = elsewhere.get("/login").await.expect(200);
    let page = elsewhere.submit(&page, "/login", &[("name", "ben@acme.example"), ("password", PASSWORD)]).await.expect(200);
    let code = totp::code(&key, server.time());
    assert_eq!(elsewhere.submit(&page, "/totp", &[("code", &code)]).await.expect(200).url.path(), "/me");
}

async fn an_invitation_opens_nothing_once_it_is_over(backend: Backend) {
    // EN-03, CVE-116, CVE-117
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let first = invite(&ana, &[]).await;
    let (early, early_page) = almost_in(&server, &first).await;
    let code = |page: &Answer| totp::code(&key_on(page), server.time());
    let ends_badly = async |http: &Http, page: &Answer| {
        let end = http.submit(page, "/totp", &[("code", &code(page)), ("label", "phone")]).await;
        assert_eq!(end.status, 410, "{}", end.words());
        assert_eq!(http.get("/me").await.expect(303).location().unwrap().path(), "/login");
    };
    // A newer link voids the older, also for someone who is on the way with it.
    let page = page_of(&ana, "Ben Example").await;
    let second = link_on(&ana.http.submit(&page, "/send", &[]).await.expect(200));
    early.follow(&first).await.expect(410);
    ends_badly(&early, &early_page).await;
    // Withdrawn while open: the same.
    let (late, late_page) = almost_in(&server, &second).await;
    let page = page_of(&ana, "Ben Example").await;
    let page = ana.http.submit(&page, "/withdraw", &[]).await.expect(200);
    assert!(page.words().contains("Cancelled on"));
    ends_badly(&late, &late_page).await;
    // Expired to the second.
    let third = link_on(&ana.http.submit(&page, "/send", &[]).await.expect(200));
    server.pass(72 * 3600 - 1);
    let visitor = Http::new(&server.address);
    visitor.follow(&third).await.expect(200);
    let (slow, slow_page) = almost_in(&server, &third).await;
    server.pass(1);
    visitor.follow(&third).await.expect(410);
    ends_badly(&slow, &slow_page).await;
    // Of another kind, and never made.
    visitor.follow(&third.replace("/invite/", "/reset/")).await.expect(404);
    visitor.follow(&third.replace("/invite/", "/setup/")).await.expect(404);
    visitor.follow("/invite/7KQ29-VXM4T-8C0HR-D3MTZ-PW5X8-A").await.expect(404);
    visitor.get("/invite/x").await.expect(404);
    assert_eq!(entries(&server, "ben", Kind::InvitationAccepted).await + entries(&server, "ben", Kind::TotpAdded).await, 0);
}

async fn whoever_says_not_me_closes_the_link(backend: Backend) {
    // EN-04
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let http = Http::new(&server.address);
    http.get("/invite/decline").await.expect(405);
    let page = http.follow(&link).await.expect(200);
    let said = http.submit(&page, "/decline", &[]).await.expect(410);
    assert!(said.words().contains("Thanks for telling us"), "{}", said.words());
    assert!(!http.cookies().into_keys().any(|name| name.ends_with("-link")), "nobody finds it in this browser");
    assert!(page_of(&ana, "Ben Example").await.words().contains("not me"));
    assert_eq!(entries(&server, "ben", Kind::InvitationDeclined).await, 1);
}

async fn names_in_use_are_refused_plainly(backend: Backend) {
    // EN-13, CVE-26
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    invite(&ana, &[("email", "ben@acme.example")]).await;
    for (fields, offered) in [
        (&[("username", "BEN")][..], true),
        (&[("username", "benny"), ("email", "Ben@acme.example")], true),
        (&[("username", "ana")], false),
        (&[("username", "annie"), ("email", "ana@acme.example")], false),
    ] {
        let page = ana.http.get("/people/invite").await.expect(200);
        let mut all = vec![("name", "Other"), ("reason", "x")];
        all.extend_from_slice(fields);
        let again = ana.http.submit(&page, "/people/invite", &all).await.expect(422);
        assert!(again.words().contains("is already in use"), "{}", again.words());
        assert_eq!(again.words().contains("send it again"), offered, "{fields:?}");
        assert!(again.text().contains("value=\"Other\""), "what was typed stays");
    }
}

async fn one_invitation_lets_one_in(backend: Backend) {
    // EN-03: ten people hold it, each posts five times.
    let server = Arc::new(Inside::start(backend).await);
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let mut ready = Vec::new();
    for _ in 0..10 {
        ready.push(almost_in(&server, &link).await);
    }
    let mut set = tokio::task::JoinSet::new();
    for (http, page) in ready {
        let http = Arc::new(http);
        let code = totp::code(&key_on(&page), server.time());
        for _ in 0..5 {
            let (http, page, code) = (http.clone(), page.clone(), code.clone());
            set.spawn(async move { http.send_form(&page, "/totp", &[("code", &code), ("label", "phone")]).await });
        }
    }
    let answers = set.join_all().await;
    let won = answers.iter().filter(|answer| answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"))).count();
    assert_eq!(won, 1);
    for (kind, count) in [(Kind::InvitationAccepted, 1), (Kind::PasswordSet, 1), (Kind::TotpAdded, 1)] {
        assert_eq!(entries(&server, "ben", kind).await, count, "{kind:?}");
    }
}

async fn withdrawing_and_accepting_at_once_leaves_no_half_state(backend: Backend) {
    // EN-03
    let server = Arc::new(Inside::start(backend).await);
    let ana = Ana::arrive(&server).await;
    for round in 0..5 {
        let username = format!("ben{round}");
        let link = invite(&ana, &[("username", &username), ("name", &username)]).await;
        let (guest, page) = almost_in(&server, &link).await;
        let code = totp::code(&key_on(&page), server.time());
        let person = page_of(&ana, &username).await;
        let typed = [("code", code.as_str()), ("label", "phone")];
        let (_, answer) = tokio::join!(ana.http.send_form(&person, "/withdraw", &[]), guest.send_form(&page, "/totp", &typed));
        let in_now = answer.set_cookies().iter().any(|cookie| cookie.contains("=vss_"));
        let accepted = entries(&server, &username, Kind::InvitationAccepted).await;
        let withdrawn = entries(&server, &username, Kind::InvitationWithdrawn).await;
        assert_eq!((accepted, withdrawn), if in_now { (1, 0) } else { (0, 1) });
        assert_eq!(entries(&server, &username, Kind::TotpAdded).await, accepted);
        assert_eq!(guest.get("/me").await.status, if in_now { 200 } else { 303 });
    }
}

async fn a_link_is_for_nobody_elses_session(backend: Backend) {
    // EN-03, RC-10
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let page = ana.http.follow(&link).await.expect(200);
    assert!(page.words().contains("Someone else is signed in") && !page.text().contains("<form"));
    let token = ana.http.get("/people/invite").await.form("/people/invite").value("form_token").unwrap().to_owned();
    let reference = TicketCode::parse(link.rsplit('/').next().unwrap()).unwrap().reference();
    ana.http.post_form("/invite", &[("form_token", &token), ("link", &reference)]).await.expect(409);
}

async fn the_code_of_a_link_leaves_the_address(backend: Backend) {
    // RC-09, SE-04
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (ben, chi) = (invite(&ana, &[]).await, invite(&ana, &[("name", "Chi Example"), ("username", "chi")]).await);
    let http = Http::new(&server.address);
    let opened = http.get(&ben).await.expect(303);
    assert_eq!((opened.location().unwrap().as_str(), opened.body.len()), (format!("{}/invite", server.address).as_str(), 0));
    let [cookie] = opened.set_cookies().try_into().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=3600"), "{cookie}");
    let bens = http.get("/invite").await.expect(200);
    let code = ben.rsplit('/').next().unwrap();
    assert!(!bens.text().contains(code) && bens.words().contains("Ben Example"));
    // Another link in another tab: a form of the first does nothing to the second.
    let chis = http.follow(&chi).await.expect(200);
    assert!(chis.words().contains("Chi Example"));
    for action in ["/invite", "/invite/decline"] {
        let back = http.submit(&bens, action, &[]).await.expect(200);
        assert!(back.url.path() == "/invite" && back.words().contains("Chi Example"));
    }
    // A link of one kind opens nothing of another, and a browser that keeps no cookie is told.
    http.get("/reset").await.expect(404);
    http.get("/setup").await.expect(404);
    let keeps = |http: &Http| http.cookies().into_keys().any(|name| name.ends_with("-link"));
    assert!(keeps(&http), "it opens something elsewhere");
    let none = Http::new(&server.address).get("/invite").await.expect(404).words();
    assert!(none.contains("Open your invitation again") && none.contains("cookie"), "{none}");
    // It is gone when it was used.
    let (joined, _) = come_in(&server, &ben).await;
    assert!(!keeps(&joined));
    // And when it no longer works, and when someone signs out.
    http.follow(&ben).await.expect(410);
    assert!(!keeps(&http));
    joined.follow(&chi).await;
    assert!(keeps(&joined));
    let page = joined.get("/logout").await.expect(200);
    joined.send_form(&page, "/logout/confirm", &[("scope", "here")]).await.expect(303);
    assert!(!keeps(&joined));
}

async fn the_policy_holds_whatever_a_guest_posts(backend: Backend) {
    // EN-16, CVE-11, CVE-128
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let link = invite(&ana, &[]).await;
    let http = Http::new(&server.address);
    let page = http.follow(&link).await.expect(200);
    let page = http.submit(&page, "/invite", &[]).await.expect(200);
    let base = page.url.path().trim_end_matches("/method").to_owned();
    let form = page.form("/method");
    let (token, step) = (form.value("form_token").unwrap().to_owned(), form.value("step").unwrap().to_owned());
    let post = async |step_name: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("form_token", token.as_str()), ("step", step.as_str())];
        fields.extend_from_slice(more);
        http.post_form(&format!("{base}/{step_name}"), &fields).await
    };
    // An authenticator alone, or a code before a password, or a short password: none gets on.
    assert_eq!(post("method", &[("method", "totp")]).await.status, 400);
    assert_eq!(post("totp", &[("code", "123456"), ("label", "x")]).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(post("password", &[("password", "short")]).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(http.get("/me").await.expect(303).location().unwrap().path(), "/login");
    assert_eq!(http.get(&format!("{base}/done")).await.expect(303).location().unwrap().path(), format!("{base}/method"));
    assert_eq!(entries(&server, "ben", Kind::InvitationAccepted).await, 0);
}
