//! Plans are created where Whop calls them variants, and by their older name only where the first answer says that there
//! is no such route.

use std::fs;

use whop_license::{Api, Error};

use crate::support::authority::Authority;
use crate::support::workshop::Workshop;
use crate::support::{Act, Peer, Reads, Script, answer, failure, plan, status_of_error};

fn created() -> Act {
    Act::Send(answer(200, r#"{"id":"plan_1"}"#))
}

fn gone() -> Act {
    Act::Send(failure(410, "This endpoint is gone"))
}

fn lost() -> Act {
    Act::SendAndClose(String::new())
}

/// Which routes were asked, and under which names, in the order of their first use.
fn routes(peer: &Peer) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let routes = peer.seen().into_iter().map(|request| {
        let path = request.split(' ').nth(1).unwrap().rsplit('/').next().unwrap().to_owned();
        let name = request.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap().to_owned();
        let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        (path, place)
    });
    routes.collect()
}

fn is(routes: &[(String, usize)], expected: &[(&str, usize)]) -> bool {
    routes.iter().map(|(route, name)| (&**route, *name)).eq(expected.iter().copied())
}

fn create(peer: &Peer) -> Result<String, Error> {
    let client = peer.client_of(Api::Current).build().unwrap();
    client.create_plan(plan()).map(|plan| plan.id().to_owned())
}

#[test]
fn route_that_is_gone_leads_to_the_older_one_under_a_new_name() {
    for said in [
        failure(410, "This endpoint is gone"),
        answer(410, ""),
        answer(410, "<html>"),
        failure(404, "Not Found"),
        failure(404, "No route matches POST /api/v1/variants"),
        failure(404, "Unknown endpoint"),
        answer(404, r#"{"message":"Not found"}"#),
        answer(404, r#"{"detail":"Not found."}"#),
        answer(404, "{}"),
        answer(404, ""),
        answer(404, "404 page not found"),
        answer(404, "<!DOCTYPE html>"),
    ] {
        let peer = Peer::start([Act::Send(said.clone()), created()]);
        assert_eq!(create(&peer).unwrap(), "plan_1", "{said}");
        let routes = routes(&peer);
        assert!(is(&routes, &[("variants", 0), ("plans", 1)]), "{said}: {routes:?}");
        let body = |place: usize| peer.seen()[place].split_once("\r\n\r\n").unwrap().1.to_owned();
        assert_eq!(body(0), body(1));
    }
}

#[test]
fn answer_about_something_else_is_a_refusal_of_this_route() {
    for (said, status) in [
        (failure(404, "No such Product found with the provided ID: prod_1"), 203),
        (failure(404, "Product not found"), 203),
        (failure(404, "Account not found"), 203),
        (failure(404, "Company does not exist"), 203),
        (failure(404, "Access pass not found"), 203),
        (failure(404, "product prod_1 was not found"), 203),
        (failure(400, "This endpoint is gone"), 203),
        (failure(401, "Not Found"), 201),
        (failure(403, "Not Found"), 202),
        (failure(405, "Method not allowed"), 203),
        (failure(422, "Not Found"), 203),
        (failure(429, "Not Found"), 302),
        (failure(500, "Not Found"), 303),
        (failure(501, "Not Implemented"), 303),
        (answer(301, ""), 304),
        (answer(200, "{}"), 304),
        (answer(200, "<html>"), 304),
    ] {
        let peer = Peer::start([Act::Send(said.clone()), created()]);
        let error = create(&peer).unwrap_err();
        assert_eq!(status_of_error(&error), status, "{said}: {error}");
        assert!(is(&routes(&peer), &[("variants", 0)]), "{said}: {:?}", routes(&peer));
    }
}

#[test]
fn route_stays_once_a_try_may_have_arrived() {
    for may_have_arrived in [
        lost(),
        Act::SendAndClose("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{".into()),
        Act::SendAndClose(answer(502, "")),
        Act::SendAndClose(answer(503, "")),
        Act::SendAndClose(answer(504, "")),
        Act::Send(failure(409, "In progress")),
    ] {
        for gone in [gone(), Act::Send(failure(404, "Not Found")), Act::Send(answer(404, "<html>"))] {
            let peer = Peer::start([may_have_arrived.clone(), gone, created()]);
            let error = create(&peer).unwrap_err();
            assert!(matches!(error, Error::NoAnswer { .. }), "{may_have_arrived:?}: {error}");
            assert!(error.to_string().contains("may have created the plan"), "{error}");
            let routes = routes(&peer);
            assert!(is(&routes, &[("variants", 0), ("variants", 0)]), "{may_have_arrived:?}: {routes:?}");
        }
    }
}

#[test]
fn route_is_left_after_a_try_that_did_not_arrive() {
    let (authority, workshop) = (Authority::new(), Workshop::new());
    let ca_file = workshop.path("ca.pem");
    fs::write(&ca_file, authority.pem()).unwrap();
    // Over TLS, what is gone before the handshake was sent nothing.
    let nobody = Act::Play(Script { reads: Reads::Nothing, ..Script::default() });
    let gone = Act::SendAndClose(failure(410, "gone"));
    let peer = Peer::start_tls([nobody, gone, created()], authority.server(&["localhost"]));
    let mut settings = peer.client_of(Api::Current);
    settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(ca_file.to_str().unwrap()).proxy("");
    assert_eq!(settings.build().unwrap().create_plan(plan()).unwrap().id(), "plan_1");
    let paths: Vec<_> = peer.seen().iter().filter_map(|it| Some(it.split(' ').nth(1)?.to_owned())).collect();
    assert_eq!(paths, ["/api/v1/variants", "/api/v1/plans"]);
}

#[test]
fn older_route_is_repeated_under_its_own_name_and_not_left() {
    let peer = Peer::start([gone(), lost(), lost(), created()]);
    assert_eq!(create(&peer).unwrap(), "plan_1");
    assert!(is(&routes(&peer), &[("variants", 0), ("plans", 1), ("plans", 1), ("plans", 1)]), "{:?}", routes(&peer));

    let peer = Peer::start([gone(), lost(), gone(), created()]);
    assert!(matches!(create(&peer), Err(Error::NoAnswer { .. })));
    assert!(is(&routes(&peer), &[("variants", 0), ("plans", 1), ("plans", 1)]), "{:?}", routes(&peer));
}

#[test]
fn without_any_route_nothing_is_created_and_that_is_said() {
    for (said, status) in [(failure(410, "gone"), 203), (answer(404, "<html>"), 304), (failure(404, "Not Found"), 203)]
    {
        let peer = Peer::start([Act::Send(said.clone())]);
        let error = create(&peer).unwrap_err();
        assert_eq!(status_of_error(&error), status, "{said}: {error}");
        assert!(is(&routes(&peer), &[("variants", 0), ("plans", 1)]), "{said}: {:?}", routes(&peer));
    }
}

#[test]
fn other_route_costs_no_retry_and_is_found_anew_by_each_call() {
    let peer = Peer::start([gone(), created(), created()]);
    let client = peer.client_of(Api::Current).max_retries(0).build().unwrap();
    assert!(client.create_plan(plan()).is_ok());
    assert!(client.create_plan(plan()).is_ok());
    assert!(is(&routes(&peer), &[("variants", 0), ("plans", 1), ("variants", 2)]), "{:?}", routes(&peer));
}
