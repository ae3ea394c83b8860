//! The way to a server: its name, the proxy, TCP, TLS.

use std::net::IpAddr;

use whop_license::{Client, RouteReport};

use super::certificate;
use super::report::Report;

/// Says how the server is reached, and what it stands for if it is not Whop. Whether it is, in the end.
pub(super) fn look(client: &Client, in_place: &str, has_ca_file: bool, report: &mut Report) -> bool {
    let route = match client.examine_route() {
        Ok(route) => route,
        Err(error) => {
            report.fail(
                "proxy",
                error.to_string(),
                "set the variable to a proxy, or unset it, and start the program again",
            );
            return false;
        }
    };
    let in_its_place = if route.host == WHOP { "" } else { in_place };
    report.note("server", format!("{}:{}{in_its_place}", route.host, route.port));
    proxy(&route, report);
    name(&route, report) && connection(&route, report) && encryption(&route, has_ca_file, report)
}

fn proxy(route: &RouteReport, report: &mut Report) {
    match &route.proxy {
        Some(proxy) => report.note(
            "proxy",
            format!("{}:{}, from the variable {}", proxy.host, proxy.port, proxy.variable.unwrap_or("of this program")),
        ),
        None if !route.is_https => report.note("proxy", "none: plain http stays on this machine"),
        None => report.ok(
            "proxy",
            "none: https_proxy and all_proxy are not set, in small or capital letters, or no_proxy names the server",
        ),
    }
}

fn name(route: &RouteReport, report: &mut Report) -> bool {
    let host = route.proxy.as_ref().map_or(&route.host, |proxy| &proxy.host);
    match &route.addresses {
        // Not a name: nothing was looked up.
        Ok(_) if host.parse::<IpAddr>().is_ok() => {}
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            report.ok("DNS", format!("{host} is {}", addresses.join(", ")));
        }
        Err(fault) => report.fail(
            "DNS",
            format!("{host} has no address: {fault}"),
            "is there a network, and is the name right? A filter of names (Pi-hole, a family filter) may hide it",
        ),
    }
    route.addresses.is_ok()
}

fn connection(route: &RouteReport, report: &mut Report) -> bool {
    let (host, port) = route.proxy.as_ref().map_or((&route.host, route.port), |proxy| (&proxy.host, proxy.port));
    match &route.connected {
        Some(Ok(time)) => report.ok("TCP", format!("{host}:{port} answers in {} ms", time.as_millis())),
        Some(Err(fault)) => report.fail(
            "TCP",
            format!("{host}:{port} is not reached: {fault}"),
            "a firewall of this machine or its network may stand in between; some networks need a proxy (https_proxy)",
        ),
        None => {}
    }
    matches!(route.connected, Some(Ok(_)))
}

fn encryption(route: &RouteReport, has_ca_file: bool, report: &mut Report) -> bool {
    let Some(opened) = &route.opened else { return false };
    let shown = certificate::of(&route.certificates);
    match (opened, shown) {
        (Ok(()), None) => report.note("TLS", "none: plain http, which stays on this machine"),
        (Ok(()), Some(shown)) => {
            let by = if has_ca_file { "the given CA file" } else { "the authorities in the library" };
            report.ok("TLS", format!("{shown}; trusted by {by}"));
        }
        (Err(fault), Some(shown)) => report.fail("TLS", format!("{shown}: {fault}"), INTERCEPTED),
        (Err(fault), None) if route.proxy.is_some() => {
            report.fail("proxy", fault, "ask whoever runs the proxy to let this server through");
        }
        (Err(fault), None) => {
            report.fail("TLS", fault, "is a login page of the network in between? Open a web page first")
        }
    }
    opened.is_ok()
}

const WHOP: &str = "api.whop.com";
const INTERCEPTED: &str = "if the issuer is an antivirus program or a company's proxy, except this server from its \
                           inspection, or have the program trust its authority (CA file)";
