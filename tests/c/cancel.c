/* A started call ends at once when it is canceled, wherever it is at that moment, and so do its thread and its socket.
 * Arguments: how often each stage, a CA file, and the base URL and API key of a sandbox with TLS whose SANDBOX-SLOW is slow. */
#define _GNU_SOURCE
#include "census.h"
#include "check.h"
#include "hanging_lookups.h"
#include "stalls.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"cancel\"}"
#define OK_HEAD(length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n"
#define UNBOUND OK_HEAD("64") "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":{}}"
#define BOUND OK_HEAD("79") "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":{\"hwid\":\"cancel\"}}"
#define BOUND_UNTIL_CLOSE "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" \
    "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":{\"hwid\":\"cancel\"}}"
#define SOCKS_YES "\5\0\0\1\0\0\0\0\0\0"

/* The call's own end is far away. */
static const uint32_t timeout_ms = 600000;
static int times;

static whop_client *client_of(const char *base_url, const char *proxy)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_cancel", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_proxy(client, proxy) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, timeout_ms) == WHOP_OK);
    return client;
}

static whop_call *start(const whop_client *client, const char *license_key)
{
    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, license_key, DEVICE, &call) == WHOP_OK);
    return call;
}

static void check_canceled(const whop_call *call)
{
    whop_response *responses[2];
    CHECK(whop_call_is_done(call) == 1);
    for (int i = 0; i < 2; i++) {
        CHECK(whop_call_result(call, &responses[i]) == WHOP_CANCELED);
        CHECK(whop_response_http_status(responses[i]) == 0 && whop_response_is_offline(responses[i]) == 0);
    }
    CHECK(responses[0] != responses[1]);
    for (int i = 0; i < 2; i++)
        whop_response_free(responses[i]);
}

/* Waits up to so many microseconds, each time for another part of them. */
static void wait_a_little(int number, int most_us)
{
    const struct timespec time = {0, 1000L * (number * 37 % (most_us + 1))};
    nanosleep(&time, NULL);
}

/* Each way to stop a call. Where it may have ended before, it may be that. */
static void stop(whop_client *client, whop_call *call, int number, int may_have_ended)
{
    const int had_ended = may_have_ended && whop_call_wait(call, 0);
    switch (number % 4) {
    case 0:
        whop_call_cancel(call);
        break;
    case 1:
        whop_client_cancel_all(client);
        CHECK(whop_call_wait(call, timeout_ms / 2) == 1);
        break;
    case 2: /* the client is gone before */
        whop_client_free(client);
        client = NULL;
        whop_call_cancel(call);
        whop_call_cancel(call);
        break;
    case 3: /* without a look at it */
        whop_call_free(call);
        call = NULL;
        break;
    }
    if (call != NULL && may_have_ended) {
        const whop_status status = whop_call_result(call, NULL);
        CHECK(status == WHOP_OK || (!had_ended && status == WHOP_CANCELED));
    } else if (call != NULL) {
        check_canceled(call);
    }
    whop_call_free(call);
    whop_client_free(client);
}

struct stage {
    const char *name, *base_url, *proxy; /* a %s is the address of the server */
    struct line lines[MOST_LINES];
};

static const struct stage stages[] = {
    {"handshake", "https://%s/api", "", {LINE("")}},
    {"head", "http://%s/api", "", {LINE("")}},
    {"middle of the head", "http://%s/api", "", {LINE("HTTP/1.1 200 OK\r\nContent-")}},
    {"body", "http://%s/api", "", {LINE(OK_HEAD("64"))}},
    {"middle of the body", "http://%s/api", "", {LINE(OK_HEAD("64") "{\"id\":")}},
    {"middle of a chunk", "http://%s/api", "", {LINE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":")}},
    {"end of the body", "http://%s/api", "", {LINE(BOUND_UNTIL_CLOSE)}},
    {"pause", "http://%s/api", "", {LINE("HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 2\r\n\r\n{}")}},
    {"second request", "http://%s/api", "", {LINE(UNBOUND), LINE("")}},
    {"third request", "http://%s/api", "", {LINE(UNBOUND), LINE(BOUND), LINE("")}},
    {"HTTP proxy", "https://whop.test/api", "http://%s", {LINE("")}},
    {"handshake in a tunnel", "https://whop.test/api", "http://%s", {LINE("HTTP/1.1 200 OK\r\n\r\n"), LINE("")}},
    {"handshake with a proxy", "https://whop.test/api", "https://%s", {LINE("")}},
    {"SOCKS5 proxy", "https://whop.test/api", "socks5h://%s", {LINE("")}},
    {"SOCKS5 login", "https://whop.test/api", "socks5h://name:word@%s", {LINE("\5\2"), LINE("")}},
    {"SOCKS5 destination", "https://whop.test/api", "socks5h://%s", {LINE("\5\0"), LINE("")}},
    {"handshake past SOCKS5", "https://whop.test/api", "socks5h://%s", {LINE("\5\0"), LINE(SOCKS_YES), LINE("")}},
};
enum { STAGES = sizeof stages / sizeof *stages };

static void at_stage(const struct stage *stage)
{
    char base_url[128], proxy[128], address[64];
    struct stall stall;
    memset(&stall, 0, sizeof stall);
    memcpy(stall.lines, stage->lines, sizeof stall.lines);
    const pthread_t server = stall_start(&stall);
    CHECK(sscanf(stall.base_url, "http://%63[^/]", address) == 1);
    snprintf(base_url, sizeof base_url, stage->base_url, address);
    snprintf(proxy, sizeof proxy, stage->proxy, address);
    const int before = descriptors();
    for (int i = 0; i < times; i++) {
        whop_client *client = client_of(base_url, proxy);
        whop_call *call = start(client, "K");
        stall_await(&stall, &stall.reached, i + 1);
        if (i % 3 > 0)
            wait_a_little(i, 200);
        CHECK(whop_call_is_done(call) == 0);
        stop(client, call, i, 0);
        await_fall(descriptors, before); /* ours, and the server's */
    }
    stall_end(&stall, server);
}

/* At any moment of a call that would be allowed. */
static void at_any_moment(void)
{
    struct stall stall = {.lines = {LINE(UNBOUND), LINE(BOUND), LINE(BOUND)}};
    const pthread_t server = stall_start(&stall);
    const int before = descriptors();
    for (int i = 0; i < times; i++) {
        whop_client *client = client_of(stall.base_url, "");
        whop_call *call = start(client, "K");
        wait_a_little(i, 1000);
        stop(client, call, i, 1);
        await_fall(descriptors, before);
    }
    stall_end(&stall, server);
}

/* At any moment of a connection over TLS, and of the wait after it. */
static void over_tls(const char *ca_file, const char *base_url, const char *api_key)
{
    const int before = descriptors();
    for (int i = 0; i < times; i++) {
        whop_client *client = NULL;
        CHECK(whop_client_new(api_key, &client) == WHOP_OK);
        CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
        CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_OK);
        CHECK(whop_client_set_timeout_ms(client, timeout_ms) == WHOP_OK);
        whop_call *call = start(client, "SANDBOX-SLOW");
        wait_a_little(i, 10000);
        stop(client, call, i, 0);
        await_fall(descriptors, before);
    }
}

/* A connection to an address that swallows everything: a full queue, of which nobody takes anything. */
static void while_connecting(void)
{
    char base_url[64];
    int fillers[16], filled = 0;
    const int listener = peer_listen(base_url, sizeof base_url);
    CHECK(listen(listener, 0) == 0);
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    struct pollfd filler = {-1, POLLOUT, 0};
    do {
        CHECK(filled < 16);
        filler.fd = fillers[filled++] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(filler.fd, (struct sockaddr *)&address, length);
    } while (poll(&filler, 1, 300) == 1);

    const int before = descriptors();
    for (int i = 0; i < times; i++) {
        whop_client *client = client_of(base_url, "");
        whop_call *call = start(client, "K");
        while (descriptors() == before)
            sched_yield();
        wait_a_little(i, 200);
        stop(client, call, i, 0);
        await_fall(descriptors, before);
    }
    while (filled > 0)
        close(fillers[--filled]);
    close(listener);
}

static void while_a_name_is_looked_up(void)
{
    for (int i = 0; i < times; i++) {
        char base_url[64];
        snprintf(base_url, sizeof base_url, "https://%c.test/api", 'a' + i % 6);
        whop_client *client = client_of(base_url, "");
        whop_call *call = start(client, "K");
        wait_a_little(i, 1000);
        CHECK(whop_call_is_done(call) == 0);
        stop(client, call, i, 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    times = atoi(argv[1]);
    alarm(3600);
    for (int i = 0; i < STAGES; i++) {
        const int64_t began = now_ms();
        at_stage(&stages[i]);
        printf("%s: %d in %d ms\n", stages[i].name, times, (int)(now_ms() - began));
    }
    at_any_moment();
    over_tls(argv[2], argv[3], argv[4]);
    while_connecting();
    while_a_name_is_looked_up();
    await_fall(call_threads, 0);
    CHECK(pthread_mutex_lock(&lookups) == 0);
    lookups_end = 1;
    CHECK(pthread_cond_broadcast(&ended) == 0 && pthread_mutex_unlock(&lookups) == 0);
    return 0;
}
