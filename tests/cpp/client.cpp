// The C++ face, all of it. Arguments: the port of a sandbox, the public keys of its relay, and a path for a lease file.

#include "whop_license.hpp"

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

#define CHECK(condition) ((condition) ? void() : check_failed(__LINE__, #condition))

using namespace std::string_literals;
using namespace std::string_view_literals;
using whop::Api;
using whop::Call;
using whop::Client;
using whop::Response;
using whop::Status;
using whop::Verdict;

namespace {

constexpr const char *device = R"({"hwid":"cpp"})";
constexpr const char *plan = R"({"product_id":"prod_sandbox","initial_price":19.99})";

void check_failed(int line, const char *condition) {
    std::fprintf(stderr, "client.cpp:%d: not so: %s\n", line, condition);
    std::exit(1);
}

template <class T>
constexpr bool move_only = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                           !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(move_only<Client> && move_only<Response> && move_only<Call>);

// Text cannot be borrowed from a temporary: it would be gone before it is read.
#define LENDS(name, getter)                                                                                            \
    template <class T, class = void> constexpr bool name = false;                                                      \
    template <class T> constexpr bool name<T, std::void_t<decltype(std::declval<T>().getter)>> = true;
LENDS(lends_message, message())
LENDS(lends_json, json())
LENDS(lends_string, string(""))
LENDS(lends_text, text(""))
LENDS(lends_device_id, device_id())
LENDS(lends_membership_id, membership_id())
LENDS(lends_license_status, license_status())
LENDS(lends_product_id, product_id())
LENDS(lends_plan_id, plan_id())
static_assert(lends_message<Client &> && !lends_message<Client>);
static_assert(lends_device_id<const Client &> && !lends_device_id<Client>);
static_assert(lends_message<const Response &> && !lends_message<Response>);
static_assert(lends_json<const Response &> && !lends_json<Response>);
static_assert(lends_string<const Response &> && !lends_string<Response>);
static_assert(lends_text<const Response &> && !lends_text<Response>);
static_assert(lends_membership_id<const Response &> && !lends_membership_id<Response>);
static_assert(lends_license_status<const Response &> && !lends_license_status<Response>);
static_assert(lends_product_id<const Response &> && !lends_product_id<Response>);
static_assert(lends_plan_id<const Response &> && !lends_plan_id<Response>);

void statuses() {
    CHECK(whop::name(Status::device_mismatch) == "WHOP_DEVICE_MISMATCH");
    CHECK(whop::message(Status::device_mismatch).size() > 10);
    CHECK(whop::verdict(Status::ok) == Verdict::allowed);
    CHECK(whop::verdict(Status::device_mismatch) == Verdict::denied);
    CHECK(whop::verdict(Status::unreachable) == Verdict::undetermined);
    CHECK(whop::version() == WHOP_LICENSE_VERSION);
}

void getters(const std::string &api_key, Api api) {
    Client client(api_key);
    client.set_api(api).set_product_id("prod_sandbox").set_timeout(std::chrono::seconds(10)).set_max_retries(0);
    CHECK(client.ok() && client.message().empty());

    const Response active = client.validate_license("SANDBOX-ACTIVE", device);
    CHECK(active.status() == Status::ok && active.verdict() == Verdict::allowed && active.allowed());
    CHECK(active.http_status() == (api == Api::v2 ? 201 : 200) && !active.retry_after() && !active.message().empty());
    CHECK(active.json().value().front() == '{');
    CHECK(active.membership_id() == "mem_active"sv && active.license_status() == "active"sv);
    CHECK(active.product_id() == "prod_sandbox"sv && active.plan_id() == "plan_sandbox"sv);
    CHECK(*active.expires_at() > std::chrono::system_clock::now());
    CHECK(active.string("/metadata/hwid"s) == "cpp"sv && active.string("/license_key"sv) == "SANDBOX-ACTIVE"sv);
    CHECK(active.boolean("/cancel_at_period_end") == false);
    CHECK(!active.string("/no") && !active.integer("/no") && !active.number("/no") && !active.boolean("/no"));
    CHECK(active.count("/metadata") == 1 && active.text("/metadata"s) == "{\"hwid\":\"cpp\"}"sv);
    CHECK(!active.count("/license_key") && !active.count("/no") && !active.text("/no"sv) && !active.text(nullptr));
    CHECK(!active.string(nullptr) && !active.integer("/id") && !active.boolean("/id"));

    const Response completed = client.validate_license("SANDBOX-COMPLETED", device);
    CHECK(completed.allowed() && completed.license_status() == "completed"sv && !completed.expires_at());
    const Response limited = client.validate_license("SANDBOX-429", device);
    CHECK(limited.status() == Status::rate_limited && limited.retry_after() == std::chrono::seconds(7));
    const Response html = client.validate_license("SANDBOX-HTML", device);
    CHECK(html.status() == Status::bad_response && !html.json());
    CHECK(!html.membership_id() && !html.license_status() && !html.product_id() && !html.plan_id());
    const Response denied = client.validate_license("SANDBOX-OTHER-DEVICE", device);
    CHECK(denied.status() == Status::device_mismatch && denied.verdict() == Verdict::denied && !denied.allowed());
}

void expanded(const std::string &api_key) {
    Client client(api_key);
    const Response active = client.set_api(Api::v2).set_expand("plan"sv).validate_license("SANDBOX-ACTIVE", device);
    CHECK(active.expires_at().value().time_since_epoch().count() == active.integer("/expires_at"));
    CHECK(active.string("/plan/id"sv) == "plan_sandbox"sv && active.plan_id() == "plan_sandbox"sv);
    CHECK(active.boolean("/valid") == true && active.number("/plan/initial_price").has_value());
    CHECK(client.set_api(Api::current).validate_license("SANDBOX-ACTIVE", device).status() == Status::invalid_argument);
}

void versions(const std::string &api_key) {
    Client client(api_key), early(api_key);
    CHECK(client.set_api_version_date("2026-10-15-1"sv).validate_license("SANDBOX-ACTIVE", device).allowed());
    CHECK(!early.set_api_version_date("2026-07-22").ok());
    CHECK(early.message().substr(0, 18) == "api_version_date: ");
}

void grace(const std::string &api_key) {
    Client client(api_key);
    CHECK(client.validate_license("SANDBOX-PAST-DUE", device).allowed());
    const Response strict = client.set_allow_past_due(false).validate_license("SANDBOX-PAST-DUE", device);
    CHECK(strict.status() == Status::license_inactive && strict.license_status() == "past_due"sv);
    CHECK(client.set_allow_past_due(true).validate_license("SANDBOX-PAST-DUE", device).allowed());
}

void relays(const std::string &origin, std::string_view public_keys, const std::string &lease_file) {
    const auto asking = [&](const std::string &relay_url) {
        Client client = Client::relay(relay_url, public_keys);
        client.set_product_id("prod_sandbox").set_lease_file(lease_file).set_max_retries(0);
        CHECK(client.ok());
        return client;
    };
    const auto playing = [&](const char *play) { return asking(origin + "/false-relay/" + play); };
    const auto away = [&] { return playing("dropped").validate_license("SANDBOX-ACTIVE", device); };

    CHECK(away().status() == Status::no_answer && !away().is_offline());
    const Response active = playing("good").validate_license("SANDBOX-ACTIVE", device);
    CHECK(active.allowed() && !active.is_offline() && active.http_status() == 201);
    CHECK(active.membership_id() == "mem_active"sv && active.license_status() == "active"sv);
    CHECK(active.product_id() == "prod_sandbox"sv && active.plan_id() == "plan_sandbox"sv && active.expires_at());
    CHECK(active.boolean("/valid") == true && active.string("/key_sha256") && !active.string("/license_key"));

    const Response offline = away();
    CHECK(offline.allowed() && offline.is_offline() && offline.http_status() == 0);
    CHECK(offline.json() == active.json() && offline.expires_at() == active.expires_at());

    const Response forged = playing("unsigned-yes").validate_license("ANOTHER", device);
    CHECK(forged.status() == Status::untrusted && forged.verdict() == Verdict::undetermined && !forged.is_offline());
    const Response denied = playing("denied-device").validate_license("SANDBOX-ACTIVE", device);
    CHECK(denied.status() == Status::device_mismatch && !denied.is_offline() && !denied.membership_id());
    CHECK(away().status() == Status::no_answer);

    const Client checks = playing("good");
    CHECK(checks.reset_license("SANDBOX-ACTIVE").status() == Status::invalid_argument);
    CHECK(checks.create_plan(plan).status() == Status::invalid_argument);
    Client no_url = Client::relay("relay.example", public_keys), no_key = Client::relay("https://relay.example", "key"s),
           direct("apik_of_whop");
    CHECK(no_url.message().substr(0, 11) == "relay_url: " && no_key.message().substr(0, 13) == "public_keys: ");
    CHECK(!direct.set_lease_file(lease_file).ok() && direct.message().substr(0, 12) == "lease_file: ");
}

void resets(const std::string &api_key, Api api) {
    Client client(api_key);
    const Response reset = client.set_api(api).reset_license("SANDBOX-OTHER-DEVICE");
    CHECK(reset.allowed() && reset.membership_id() == "mem_other_device"sv && !reset.string("/metadata/hwid"));
    CHECK(client.reset_license("NO-SUCH-LICENSE").status() == Status::license_not_found);
    CHECK(client.validate_license("SANDBOX-OTHER-DEVICE", R"({"hwid":"another-device"})").allowed());
}

void devices(const std::string &api_key) {
    Client client(api_key);
    CHECK(client.set_device_id("console-7").device_id() == "console-7"sv);
    const Response bound = client.set_metadata_key("HWID"sv).validate_license("SANDBOX-TRIALING");
    CHECK(bound.allowed() && bound.string("/metadata/HWID") == "console-7"sv);
    CHECK(client.set_device_id("console-8"s).validate_license("SANDBOX-TRIALING").status() == Status::device_mismatch);
    CHECK(!client.set_device_id("").ok() && !client.device_id());
}

void plans(const std::string &api_key) {
    Client client(api_key);
    const Response created = client.create_plan(plan);
    CHECK(created.status() == Status::ok && created.string("/id").value().substr(0, 5) == "plan_");
    CHECK(created.plan_id() == created.string("/id") && created.product_id() == "prod_sandbox"sv);
    CHECK(!created.membership_id() && !created.license_status() && !created.expires_at());
    constexpr auto unknown_field = R"({"product_id":"prod_sandbox","not_a_plan_field":1})";
    CHECK(client.create_plan(unknown_field).status() == Status::invalid_argument);
    CHECK(client.set_allow_unknown_plan_fields(true).create_plan(unknown_field).status() == Status::rejected);
    CHECK(client.set_allow_unknown_plan_fields(false).create_plan(unknown_field).status() == Status::invalid_argument);
}

void sandbox_keys(const std::string &api_key) {
    Client of_whop("apik_of_whop"), client(api_key);
    CHECK(of_whop.set_allow_sandbox(false).ok());
    CHECK(client.set_allow_sandbox(true).validate_license("SANDBOX-ACTIVE", device).allowed());
    CHECK(!client.set_base_url("https://whop.example/api").set_allow_sandbox(false).ok());
    CHECK(client.message().substr(0, 9) == "api_key: ");
    CHECK(client.set_allow_sandbox(true).validate_license("K").status() == Status::invalid_argument);
}

void one_shots(const std::string &api_key) {
    CHECK(whop::validate_license(api_key, "SANDBOX-ACTIVE", device).allowed());
    CHECK(whop::create_plan(api_key, plan).status() == Status::ok);
}

void calls(const std::string &api_key) {
    const Client client(api_key);
    CHECK(client.connect() == Status::ok && !client.wait_any(std::chrono::milliseconds(-1)));
    Call call = client.start_validate_license("SANDBOX-ACTIVE"sv, device);
    CHECK(call.wait(std::chrono::hours(24 * 365)) && call.is_done() && client.wait_any(std::chrono::seconds(60)));
    call.cancel();
    const Response active = call.result();
    CHECK(active.allowed() && active.string("/license_key") == "SANDBOX-ACTIVE"sv);
    CHECK(client.start_validate_license("", device).result().status() == Status::invalid_argument);

    Call slow = client.start_validate_license("SANDBOX-SLOW", device);
    CHECK(!slow.is_done() && !slow.wait(std::chrono::milliseconds(1)) && !slow.wait(std::chrono::seconds(-1)));
    CHECK(slow.result().status() == Status::pending && slow.result().verdict() == Verdict::undetermined);
    slow.cancel();
    CHECK(slow.is_done() && slow.result().status() == Status::canceled && !slow.result().allowed());

    slow = client.start_validate_license("SANDBOX-SLOW", device);
    call = std::move(slow);
    CHECK(!call.is_done());
    client.cancel_all();
    CHECK(call.wait(std::chrono::seconds(60)) && call.result().status() == Status::canceled);

    // What was moved away allows nothing, and nobody has to wait for it.
    CHECK(slow.is_done() && slow.wait(std::chrono::seconds(60)) && !slow.result().allowed());
    CHECK(slow.result().status() == Status::invalid_argument);
    slow.cancel();
    CHECK(Call(nullptr).result().verdict() == Verdict::undetermined);

    // Destroyed, it is canceled; it may outlive its client.
    Call last = Client(api_key).start_validate_license("SANDBOX-ACTIVE", device);
    CHECK(last.wait(std::chrono::seconds(60)) && last.result().allowed());
    last = client.start_validate_license("SANDBOX-SLOW", device);
}

void moves(const std::string &api_key) {
    Client first(api_key);
    Client second = std::move(first);
    Response ours = second.validate_license("SANDBOX-ACTIVE", device);
    const std::string_view key = ours.string("/license_key").value();
    Response theirs = second.validate_license("NO-SUCH-LICENSE", device);
    second = Client(api_key);

    theirs = std::move(ours);
    CHECK(theirs.allowed() && key == "SANDBOX-ACTIVE");

    // What was moved away allows nothing.
    CHECK(!ours.allowed() && ours.verdict() == Verdict::undetermined && ours.status() == Status::internal_error);
    CHECK(!ours.message().empty() && !ours.json() && !ours.expires_at() && ours.http_status() == 0 && !ours.is_offline());
    CHECK(!ours.membership_id() && !ours.license_status() && !ours.product_id() && !ours.plan_id());
    CHECK(first.start_validate_license("SANDBOX-ACTIVE", device).result().status() == Status::invalid_argument);
    CHECK(first.connect() == Status::invalid_argument && !first.wait_any(std::chrono::seconds(60)));
    first.cancel_all();
    CHECK(!first.ok() && !first.set_product_id("prod_sandbox").ok() && !first.device_id());
    CHECK(first.validate_license("SANDBOX-ACTIVE", device).status() == Status::invalid_argument);
    CHECK(first.reset_license("SANDBOX-ACTIVE").status() == Status::invalid_argument);
    CHECK(Response(WHOP_OK, nullptr).verdict() == Verdict::undetermined);
}

void check_refused(Client &client) {
    CHECK(!client.ok());
    const std::string why(client.message());
    const Response response = client.set_product_id("prod_sandbox").validate_license("SANDBOX-ACTIVE", device);
    CHECK(response.status() == Status::invalid_argument && response.message() == why);
}

void a_refused_setting_sticks(const std::string &api_key) {
    for (const auto ms : {-1LL, 0LL, 600001LL, 0x100000001LL}) {
        Client client(api_key);
        check_refused(client.set_timeout(std::chrono::milliseconds(ms)));
    }
    Client retries(api_key), api(api_key);
    check_refused(retries.set_max_retries(11));
    check_refused(api.set_api(static_cast<Api>(3)));
}

// Each would be good if it were read only as far as its NUL.
void text_with_a_nul_is_refused(const std::string &api_key) {
    const auto cut = [](std::string text) { return text.append("\0x"sv); };

    Client client(api_key);
    const std::string license_key = cut("SANDBOX-ACTIVE");
    CHECK(client.validate_license(license_key, device).status() == Status::invalid_argument);
    CHECK(client.validate_license(std::string_view(license_key), device).status() == Status::invalid_argument);
    CHECK(client.start_validate_license(license_key, device).result().status() == Status::invalid_argument);
    CHECK(client.start_validate_license("SANDBOX-ACTIVE", cut(device)).result().status() == Status::invalid_argument);
    CHECK(client.validate_license("SANDBOX-ACTIVE", cut(device)).status() == Status::invalid_argument);
    CHECK(client.reset_license(license_key).status() == Status::invalid_argument);
    CHECK(client.create_plan(cut(plan)).status() == Status::invalid_argument);

    const Response active = client.validate_license("SANDBOX-ACTIVE", device);
    CHECK(active.string("/license_key"s) && !active.string(cut("/license_key")));

    Client relay_url = Client::relay(cut("http://127.0.0.1"), "key"), public_keys = Client::relay("http://127.0.0.1", cut("key"));
    check_refused(relay_url);
    check_refused(public_keys);
    Client key(cut(api_key)), date(api_key), product(api_key), device_id(api_key), metadata_key(api_key), expand(api_key),
        url(api_key), proxy(api_key);
    check_refused(key);
    check_refused(date.set_api_version_date(cut("2026-09-23")));
    check_refused(product.set_product_id(cut("prod_sandbox")));
    check_refused(device_id.set_device_id(cut("console-7")));
    check_refused(metadata_key.set_metadata_key(cut("hwid")));
    check_refused(expand.set_expand(cut("plan")));
    check_refused(url.set_base_url(cut("http://127.0.0.1/api")));
    check_refused(proxy.set_proxy(cut("")));
}

} // namespace

int main(int argc, char **argv) {
    CHECK(argc == 4);
    const std::string api_key = "sandbox_"s + argv[1] + "_full";
    statuses();
    for (const Api api : {Api::current, Api::v2}) {
        getters(api_key, api);
        resets(api_key, api);
    }
    expanded(api_key);
    versions(api_key);
    grace(api_key);
    devices(api_key);
    plans(api_key);
    sandbox_keys(api_key);
    one_shots(api_key);
    calls(api_key);
    moves(api_key);
    relays("http://127.0.0.1:"s + argv[1], argv[2], argv[3]);
    a_refused_setting_sticks(api_key);
    text_with_a_nul_is_refused(api_key);
}
