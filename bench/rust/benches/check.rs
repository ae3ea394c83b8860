//! A check with a client that is kept, and what of it is not the network's. The servers of `bench/servers.py` run, and the
//! environment says where.

use std::env::var;
use std::error::Error;
use std::hint::black_box;

use criterion::Criterion;
use whop_license::lease::{Lease, PublicKeys};
use whop_license::{Client, Verdict, current};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    warm(&mut criterion)?;
    signature(&mut criterion)?;
    json(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// The whole check, over TLS.
fn warm(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let client = Client::builder(&var("BENCH_API_KEY")?)
        .base_url(&format!("{}/api", var("BENCH_URL")?))
        .ca_file(&var("BENCH_CA_FILE")?)
        .product_id(&var("BENCH_PRODUCT")?)
        .device_id(&var("BENCH_DEVICE")?)
        .build()?;
    let license_key = var("BENCH_LICENSE_KEY")?;
    criterion.bench_function("warm", |bencher| {
        bencher.iter(|| {
            let verdict = client.validate_license(&license_key, None);
            assert!(matches!(verdict, Ok(Verdict::Allowed(_))), "a check failed");
        });
    });
    Ok(())
}

/// What a relay's answer costs on top: its signature and its claims.
fn signature(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let keys = PublicKeys::parse(&var("BENCH_PUBLIC_KEYS")?)?;
    let lease = var("BENCH_LEASE")?;
    Lease::verify(&lease, &keys)?;
    criterion.bench_function("signature", |bencher| bencher.iter(|| Lease::verify(black_box(&lease), &keys)));
    Ok(())
}

/// The answer of the current API, into the fields of a membership.
fn json(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let answer = var("BENCH_ANSWER")?;
    criterion.bench_function("json", |bencher| {
        bencher.iter(|| serde_json::from_str::<current::Membership>(black_box(&answer)));
    });
    Ok(())
}
