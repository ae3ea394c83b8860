/// C++17 over whop_license.h: memory freed by itself, errors as values, nothing thrown but std::bad_alloc, where a
/// std::string_view is copied.
///
/// - Text in: `const char *`, `std::string` or `std::string_view`, in UTF-8. See whop::Text.
/// - Text out: `std::string_view`, borrowed from the Client or Response that it came from.
/// - Threads: many may use one `const Client`, one Response, or one Call at once. While calls are in flight, because the
///   server has their requests, their Client may be destroyed, moved or assigned to: they end well. None may be about to
///   begin.
/// - A moved-from Client, Response or Call is safe to use, and allows nothing.

#ifndef WHOP_LICENSE_HPP
#define WHOP_LICENSE_HPP

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "whop_license.hpp needs C++17: -std=c++17, or /std:c++17"
#endif

#include "whop_license.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace whop {

/// What a call came to. The hundreds are the decision: see verdict().
enum class Status : std::int32_t {
    // generated: statuses.hpp, by scripts/generate.py from api/statuses.json
    /// The license entitles here, now; or the plan is created, or the device is free.
    ok = WHOP_OK,
    /// Denied: there is no such license.
    license_not_found = WHOP_LICENSE_NOT_FOUND,
    /// Denied: expired, canceled or unpaid; the license status says which.
    license_inactive = WHOP_LICENSE_INACTIVE,
    /// Denied: bound to another device, until the license is reset.
    device_mismatch = WHOP_DEVICE_MISMATCH,
    /// Denied: a license of another product, which Whop's answer names.
    product_mismatch = WHOP_PRODUCT_MISMATCH,
    /// Nothing was sent: the message names the argument or setting and its fault.
    invalid_argument = WHOP_INVALID_ARGUMENT,
    /// Whop does not accept the API key (401).
    unauthorized = WHOP_UNAUTHORIZED,
    /// The API key lacks the right (403).
    forbidden = WHOP_FORBIDDEN,
    /// Whop refused the request (400, 422 and other 4xx): the message has its reason.
    rejected = WHOP_REJECTED,
    /// No name, connection or trust: nothing was sent, to repeat is safe.
    unreachable = WHOP_UNREACHABLE,
    /// Sent, then silence, a reset or half an answer: whether it took effect is not known.
    no_answer = WHOP_NO_ANSWER,
    /// Too many requests (429): wait as long as the answer says.
    rate_limited = WHOP_RATE_LIMITED,
    /// Whop has trouble of its own (5xx).
    server_error = WHOP_SERVER_ERROR,
    /// An answer that is not Whop's, or about another license: a web page, a redirect, broken or oversized JSON.
    bad_response = WHOP_BAD_RESPONSE,
    /// This machine has no identity of its own, or none that this user may read: set a device id, or pass metadata.
    no_device_id = WHOP_NO_DEVICE_ID,
    /// An answer that is not the relay's: nothing in it is signed, by one of the public keys, for this call.
    untrusted = WHOP_UNTRUSTED,
    /// The call that was started is not done yet.
    pending = WHOP_PENDING,
    /// The call was canceled by this program.
    canceled = WHOP_CANCELED,
    /// A bug in this library, caught.
    internal_error = WHOP_INTERNAL_ERROR,
    // end of generated: statuses.hpp
};

/// What to do about a status. Undetermined is neither: do not lock a paying customer out, nor let anyone in.
enum class Verdict : std::int32_t {
    allowed = WHOP_ALLOWED,
    denied = WHOP_DENIED,
    undetermined = WHOP_UNDETERMINED,
};

/// Which of Whop's APIs is asked.
enum class Api : std::int32_t {
    // generated: apis.hpp, by scripts/generate.py from api/settings.json
    /// Whop's current API, in versions by date.
    current = WHOP_API_CURRENT,
    /// API v2, which Whop announced to stop on 2026-11-13: for a server of your own that speaks it.
    v2 = WHOP_API_V2,
    // end of generated: apis.hpp
};

[[nodiscard]] inline Verdict verdict(Status status) noexcept {
    return static_cast<Verdict>(whop_status_verdict(static_cast<std::int32_t>(status)));
}

/// "WHOP_DEVICE_MISMATCH"
[[nodiscard]] inline std::string_view name(Status status) noexcept {
    return whop_status_name(static_cast<std::int32_t>(status));
}

/// What the status means and what to do about it.
[[nodiscard]] inline std::string_view message(Status status) noexcept {
    return whop_status_message(static_cast<std::int32_t>(status));
}

/// The version of the library that was loaded; WHOP_LICENSE_VERSION is that of the header.
[[nodiscard]] inline std::string_view version() noexcept { return whop_version(); }

/// A text argument, as C wants it. Made by itself from what you pass; a `std::string_view` is copied to end it with a NUL.
class Text {
public:
    Text(const char *text) noexcept : text_(text) {}
    Text(const std::string &text) noexcept : text_(whole(text)) {}
    Text(std::string_view text) : copy_(text), text_(whole(copy_)) {}
    Text(const Text &) = delete;
    Text &operator=(const Text &) = delete;

    [[nodiscard]] const char *c_str() const noexcept { return text_; }

private:
    // C would read text only as far as a NUL in it. Such text is refused instead: "\xC0\x80" is a NUL in wrong UTF-8.
    static const char *whole(const std::string &text) noexcept {
        return text.find('\0') == std::string::npos ? text.c_str() : "\xC0\x80";
    }

    std::string copy_;
    const char *text_;
};

/// What came back from a call. It never changes, and outlives its Client.
class Response {
public:
    /// Takes over what a call of the C API handed out.
    Response(whop_status status, whop_response *handed_over) noexcept
        : handle_(handed_over), status_(static_cast<Status>(status)) {}

    [[nodiscard]] Status status() const noexcept { return handle_ ? status_ : Status::internal_error; }
    [[nodiscard]] Verdict verdict() const noexcept { return whop::verdict(status()); }
    [[nodiscard]] bool allowed() const noexcept { return verdict() == Verdict::allowed; }

    /// One sentence for a person; holds no secret.
    [[nodiscard]] std::string_view message() const & noexcept { return whop_response_message(handle_.get()); }
    std::string_view message() const && = delete;

    /// As Whop sent it; nothing when it sent no JSON. Of a relay, what it has signed. Holds the buyer's data: do not log it.
    [[nodiscard]] std::optional<std::string_view> json() const & noexcept {
        return found(whop_response_json(handle_.get()));
    }
    std::optional<std::string_view> json() const && = delete;

    /// 0: no answer.
    [[nodiscard]] std::int32_t http_status() const noexcept { return whop_response_http_status(handle_.get()); }

    /// How long to wait before asking again, where Whop said so.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept {
        const std::int64_t wait = whop_response_retry_after_ms(handle_.get());
        return wait < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(wait));
    }

    /// Whether the yes is that of a lease which was stored earlier, because the relay gave no answer now. message() says why,
    /// and until when it stands.
    [[nodiscard]] bool is_offline() const noexcept { return whop_response_is_offline(handle_.get()) != 0; }

    // Fields of the JSON, by RFC 6901 pointer: "/plan/id".

    [[nodiscard]] std::optional<std::string_view> string(const Text &pointer) const & noexcept {
        return found(whop_response_string(handle_.get(), pointer.c_str()));
    }
    std::optional<std::string_view> string(const Text &pointer) const && = delete;

    [[nodiscard]] std::optional<std::int64_t> integer(const Text &pointer) const noexcept {
        std::int64_t value = 0;
        return whop_response_integer(handle_.get(), pointer.c_str(), &value) ? std::optional(value) : std::nullopt;
    }

    /// Also of a number written as a string: "19.99".
    [[nodiscard]] std::optional<double> number(const Text &pointer) const noexcept {
        double value = 0;
        return whop_response_number(handle_.get(), pointer.c_str(), &value) ? std::optional(value) : std::nullopt;
    }

    [[nodiscard]] std::optional<bool> boolean(const Text &pointer) const noexcept {
        std::int32_t value = 0;
        return whop_response_boolean(handle_.get(), pointer.c_str(), &value) ? std::optional(value != 0) : std::nullopt;
    }

    /// How many items an array has, or how many members an object; nothing where there is neither.
    [[nodiscard]] std::optional<std::int64_t> count(const Text &pointer) const noexcept {
        const std::int64_t count = whop_response_count(handle_.get(), pointer.c_str());
        return count < 0 ? std::nullopt : std::optional(count);
    }

    /// The JSON text of whatever is there, byte for byte as it was sent.
    [[nodiscard]] std::optional<std::string_view> text(const Text &pointer) const & noexcept {
        return found(whop_response_text(handle_.get(), pointer.c_str()));
    }
    std::optional<std::string_view> text(const Text &pointer) const && = delete;

    // What the answer says, whichever API or relay gave it; nothing where it does not say.

    /// "mem_..."
    [[nodiscard]] std::optional<std::string_view> membership_id() const & noexcept {
        return found(whop_response_membership_id(handle_.get()));
    }
    std::optional<std::string_view> membership_id() const && = delete;

    /// "active", "completed", "past_due", "expired" …: tells why a license is inactive. The decision is verdict(), never this.
    [[nodiscard]] std::optional<std::string_view> license_status() const & noexcept {
        return found(whop_response_license_status(handle_.get()));
    }
    std::optional<std::string_view> license_status() const && = delete;

    /// "prod_...", of the license or the plan.
    [[nodiscard]] std::optional<std::string_view> product_id() const & noexcept {
        return found(whop_response_product_id(handle_.get()));
    }
    std::optional<std::string_view> product_id() const && = delete;

    /// "plan_...", the one that was bought or created.
    [[nodiscard]] std::optional<std::string_view> plan_id() const & noexcept {
        return found(whop_response_plan_id(handle_.get()));
    }
    std::optional<std::string_view> plan_id() const && = delete;

    /// A point in time in UTC; the type that C++20 calls `std::chrono::sys_seconds`.
    using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

    /// When the license ends or renews; nothing when it does not expire, or the answer does not say.
    [[nodiscard]] std::optional<Time> expires_at() const noexcept {
        std::int64_t seconds = 0;
        return whop_response_expires_at(handle_.get(), &seconds) ? std::optional(Time(std::chrono::seconds(seconds)))
                                                                 : std::nullopt;
    }

private:
    struct Free {
        void operator()(whop_response *response) const noexcept { whop_response_free(response); }
    };

    static std::optional<std::string_view> found(const char *text) noexcept {
        return text ? std::optional<std::string_view>(text) : std::nullopt;
    }

    std::unique_ptr<whop_response, Free> handle_;
    Status status_;
};

namespace detail {
/// A time to wait, as C wants it: seven weeks at the most.
[[nodiscard]] inline std::uint32_t wait_ms(std::chrono::milliseconds timeout) noexcept {
    const auto ms = timeout.count();
    return ms <= 0 ? 0 : ms < UINT32_MAX ? static_cast<std::uint32_t>(ms) : UINT32_MAX;
}
} // namespace detail

/// A check that was started: poll it, wait for it, or cancel it. When it is destroyed, it is canceled. It may outlive its
/// Client.
class Call {
public:
    /// Takes over what whop_client_start_validate_license() handed out.
    explicit Call(whop_call *handed_over) noexcept : handle_(handed_over) {}

    /// Never blocks. True of a moved-from Call.
    [[nodiscard]] bool is_done() const noexcept { return whop_call_is_done(handle_.get()) != 0; }

    /// Waits until it is done, at most this long. Whether it is.
    bool wait(std::chrono::milliseconds timeout) const noexcept {
        return whop_call_wait(handle_.get(), detail::wait_ms(timeout)) != 0;
    }

    /// How it ended, as often as you ask; Status::pending until it is done.
    [[nodiscard]] Response result() const noexcept {
        whop_response *response = nullptr;
        const whop_status status = whop_call_result(handle_.get(), &response);
        return Response(status, response);
    }

    /// Ends it at once as Status::canceled, from any thread; changes nothing once it is done. A first use that was sent already
    /// may have bound the device: the next check on it is allowed then.
    void cancel() const noexcept { whop_call_cancel(handle_.get()); }

private:
    struct Free {
        void operator()(whop_call *call) const noexcept { whop_call_free(call); }
    };

    std::unique_ptr<whop_call, Free> handle_;
};

/// Settings, kept-alive connections, one product.
///
/// A refused setting sticks: every later call answers Status::invalid_argument and says why. So set first, and look once.
class Client {
public:
    /// Asks a relay of yours in place of Whop: nothing in it is secret, so that it can be shipped. It checks licenses, and does
    /// nothing else; a product id must be set.
    ///
    /// relay_url: https, or plain http on this machine, without the "/v2".
    ///
    /// public_keys: one to four, separated by commas, as "whop-relay keygen" prints them. Only what the holder of the private
    /// half of one has signed is believed, neither a yes nor a no of anybody else: Status::untrusted.
    [[nodiscard]] static Client relay(const Text &relay_url, const Text &public_keys) noexcept {
        whop_client *client = nullptr;
        whop_client_new_relay(relay_url.c_str(), public_keys.c_str(), &client);
        return Client(HandedOver{client});
    }

    /// Asks Whop. For a server or tool of yours: an API key must not be shipped to customers.
    explicit Client(const Text &api_key) noexcept {
        whop_client *client = nullptr;
        whop_client_new(api_key.c_str(), &client);
        handle_.reset(client);
    }

    /// Whether the API key, or relay URL and public keys, and every setting were taken.
    [[nodiscard]] bool ok() const noexcept { return message().empty(); }

    /// Which setting was refused, and why; empty when none was.
    [[nodiscard]] std::string_view message() const & noexcept { return whop_client_message(handle_.get()); }
    std::string_view message() const && = delete;

    // generated: settings.hpp, by scripts/generate.py from api/settings.json

    /// Which of Whop's APIs is asked, whatever the base URL is. If not set: the current one. Not for a client that asks
    /// a relay.
    Client &set_api(Api api) & noexcept {
        whop_client_set_api(handle_.get(), static_cast<std::int32_t>(api));
        return *this;
    }

    /// The version of the current API, "YYYY-MM-DD" or "YYYY-MM-DD-n". If not set: "2026-09-23". None before
    /// 2026-07-23, because to bind a license would drop the seller's own metadata there.
    Client &set_api_version_date(const Text &date) & noexcept {
        whop_client_set_api_version_date(handle_.get(), date.c_str());
        return *this;
    }

    /// Whether the current API allows a license whose payment is overdue ("past_due"), as a grace period. If not set:
    /// true. API v2 decides this by itself.
    Client &set_allow_past_due(bool allow) & noexcept {
        whop_client_set_allow_past_due(handle_.get(), allow ? 1 : 0);
        return *this;
    }
    /// A pointer, such as the text "false", would be true.
    template <typename T> Client &set_allow_past_due(T *) = delete;

    /// The product whose licenses are accepted ("prod_..."), and no other. If not set: any product. Set it: an API key
    /// is company-wide, so that without it the license key of a free product of the company validates too. It is also a
    /// part of the device id: whoever sets, changes or drops it in a program that customers have makes every device
    /// another one.
    Client &set_product_id(const Text &product_id) & noexcept {
        whop_client_set_product_id(handle_.get(), product_id.c_str());
        return *this;
    }

    /// What tells this device from others: the id of a platform that has one (a console, a store), or a random one that
    /// you store. If not set: the library's own id. White space around it is dropped; up to 1024 bytes (500 characters
    /// with the current API, 256 printable ASCII characters with a relay), no control characters.
    Client &set_device_id(const Text &device_id) & noexcept {
        whop_client_set_device_id(handle_.get(), device_id.c_str());
        return *this;
    }

    /// What the device id is called in the metadata that is sent where none is given. If not set: "hwid". For buyers
    /// whose licenses are bound under another name ("HWID", "deviceId") already, so that they stay bound; set their
    /// device id too. With the current API a license that is bound under another name counts as free.
    Client &set_metadata_key(const Text &metadata_key) & noexcept {
        whop_client_set_metadata_key(handle_.get(), metadata_key.c_str());
        return *this;
    }

    /// The limit of a whole call, name lookup and retries included: 1 to 600000 ms. If not set: 10000.
    Client &set_timeout(std::chrono::milliseconds whole_call) & noexcept {
        const auto ms = whole_call.count();
        // 0 is refused, as everything that does not fit must be.
        whop_client_set_timeout_ms(handle_.get(), ms > 0 && ms <= UINT32_MAX ? static_cast<std::uint32_t>(ms) : 0);
        return *this;
    }

    /// How often a call is repeated when that is harmless and may help (unreachable, no answer, 502, 503, 504): 0 to
    /// 10. If not set: 2. With 0 no connection is kept alive, since a server may have closed it meanwhile. A plan is
    /// never created twice.
    Client &set_max_retries(std::uint32_t retries) & noexcept {
        whop_client_set_max_retries(handle_.get(), retries);
        return *this;
    }

    /// What API v2 gives as objects in place of ids: "product", "user", "plan", "promo_code", separated by commas. If
    /// not set: nothing. Of these a plan that is created expands "product" alone. With the current API each call is
    /// refused. Not for a client that asks a relay.
    Client &set_expand(const Text &comma_separated) & noexcept {
        whop_client_set_expand(handle_.get(), comma_separated.c_str());
        return *this;
    }

    /// Where requests go, without the "/v1" or "/v2": https, or plain http on this machine. If not set: what the API
    /// key leads to, which is the sandbox on this machine or "https://api.whop.com/api". If set, a "sandbox_..." key
    /// goes there like any other. Not for a client that asks a relay.
    Client &set_base_url(const Text &url) & noexcept {
        whop_client_set_base_url(handle_.get(), url.c_str());
        return *this;
    }

    /// Whether an API key that leads to the sandbox by itself ("sandbox_PORT_NAME") is taken, also with a base URL. If
    /// not set: true. Say no in programs that read the key from a place that others can edit: whoever writes such a key
    /// there could answer for Whop. Of a client that asks a relay on this machine: whether that may ask the sandbox in
    /// place of Whop.
    Client &set_allow_sandbox(bool allow) & noexcept {
        whop_client_set_allow_sandbox(handle_.get(), allow ? 1 : 0);
        return *this;
    }
    /// A pointer, such as the text "false", would be true.
    template <typename T> Client &set_allow_sandbox(T *) = delete;

    /// For a client that asks a relay: the file in which its signed answers are kept, so that a license which was
    /// allowed runs on without network until the lease ends. If not set: nothing is kept. Up to eight licenses, this
    /// user's alone, safe with several programs at once; beside it stand a ".lock" and, for a moment, a ".new". Choose
    /// a place that lasts and that the user can write. Where it cannot be used, only the time without network is lost,
    /// and the message says so. A disk that hangs can make a call last longer than its timeout.
    Client &set_lease_file(const Text &path) & noexcept {
        whop_client_set_lease_file(handle_.get(), path.c_str());
        return *this;
    }

    /// A PEM file whose certificates alone are trusted. If not set: the bundled ones of the public authorities.
    Client &set_ca_file(const Text &pem_path) & noexcept {
        whop_client_set_ca_file(handle_.get(), pem_path.c_str());
        return *this;
    }

    /// A proxy ("http://USER:PASSWORD@HOST:PORT", or https, socks5h, or socks5, with which this machine looks Whop's
    /// name up), or none if empty. If not set: the first that is not empty of "https_proxy", "HTTPS_PROXY", "all_proxy"
    /// and "ALL_PROXY", unless "no_proxy" or "NO_PROXY" lists the host. The certificate of an https proxy is checked
    /// like Whop's. Plain http, which stays on this machine, never goes through one.
    Client &set_proxy(const Text &url_or_empty) & noexcept {
        whop_client_set_proxy(handle_.get(), url_or_empty.c_str());
        return *this;
    }

    /// Whether a plan may have names and values that this version does not know, for the day Whop adds one. If not set:
    /// false.
    Client &set_allow_unknown_plan_fields(bool allow) & noexcept {
        whop_client_set_allow_unknown_plan_fields(handle_.get(), allow ? 1 : 0);
        return *this;
    }
    /// A pointer, such as the text "false", would be true.
    template <typename T> Client &set_allow_unknown_plan_fields(T *) = delete;
    // end of generated: settings.hpp

    /// This device, for this product; nothing where it cannot be told from others, or a setting was refused. Borrowed
    /// until the next setter.
    [[nodiscard]] std::optional<std::string_view> device_id() const & noexcept {
        const char *id = whop_client_device_id(handle_.get());
        return id ? std::optional<std::string_view>(id) : std::nullopt;
    }
    std::optional<std::string_view> device_id() const && = delete;

    /// May this customer run the program on this device? Metadata of your own, if you give any, is the same JSON object
    /// each time.
    [[nodiscard]] Response validate_license(const Text &license_key,
                                            const Text &metadata_json = nullptr) const noexcept {
        whop_response *response = nullptr;
        const whop_status status =
            whop_client_validate_license(handle_.get(), license_key.c_str(), metadata_json.c_str(), &response);
        return Response(status, response);
    }

    /// Starts validate_license() and returns at once: poll the Call from your frame loop, wait for it, or cancel it. A refused
    /// argument gives a Call that is done.
    [[nodiscard]] Call start_validate_license(const Text &license_key,
                                              const Text &metadata_json = nullptr) const noexcept {
        whop_call *call = nullptr;
        whop_client_start_validate_license(handle_.get(), license_key.c_str(), metadata_json.c_str(), &call);
        return Call(call);
    }

    /// Waits until a started call of this client is done that was not reported here before, at most this long. Whether one is.
    [[nodiscard]] bool wait_any(std::chrono::milliseconds timeout) const noexcept {
        return whop_client_wait_any(handle_.get(), detail::wait_ms(timeout)) != 0;
    }

    /// Cancels all calls that run now, as a game does that quits: those that were started, and those that other threads wait
    /// in. They return within milliseconds as Status::canceled, unless their answer is here already. Later calls are not affected.
    void cancel_all() const noexcept { whop_client_cancel_all(handle_.get()); }

    /// Opens a connection ahead of need and keeps it for a minute: the next call is faster by its handshakes. Blocks like a
    /// call and sends no request. Status::unreachable: none can be opened, and the next call will say why.
    Status connect() const noexcept { return static_cast<Status>(whop_client_connect(handle_.get())); }

    /// Frees the device of a license: the next one to check is bound. For the seller's own tools, as it needs an API key that
    /// may change every membership. After Status::no_answer, json() may be the membership as it was before: see message().
    [[nodiscard]] Response reset_license(const Text &license_key) const noexcept {
        whop_response *response = nullptr;
        const whop_status status = whop_client_reset_license(handle_.get(), license_key.c_str(), &response);
        return Response(status, response);
    }

    /// For the seller's own tools: an API key that may do this must not be shipped to customers.
    [[nodiscard]] Response create_plan(const Text &plan_json) const noexcept {
        whop_response *response = nullptr;
        const whop_status status = whop_client_create_plan(handle_.get(), plan_json.c_str(), &response);
        return Response(status, response);
    }

private:
    struct Free {
        void operator()(whop_client *client) const noexcept { whop_client_free(client); }
    };

    struct HandedOver {
        whop_client *client;
    };

    // Not from the pointer itself, which a literal 0 would fit as well as a text.
    explicit Client(HandedOver handed_over) noexcept : handle_(handed_over.client) {}

    std::unique_ptr<whop_client, Free> handle_;
};

/// Client::validate_license with nothing set.
[[nodiscard]] inline Response validate_license(const Text &api_key, const Text &license_key,
                                               const Text &metadata_json = nullptr) noexcept {
    whop_response *response = nullptr;
    const whop_status status =
        whop_validate_license(api_key.c_str(), license_key.c_str(), metadata_json.c_str(), &response);
    return Response(status, response);
}

/// Client::create_plan with nothing set.
[[nodiscard]] inline Response create_plan(const Text &api_key, const Text &plan_json) noexcept {
    whop_response *response = nullptr;
    const whop_status status = whop_create_plan(api_key.c_str(), plan_json.c_str(), &response);
    return Response(status, response);
}

} // namespace whop

#endif
