/* Calls that are started: what they come to, who may ask, when they are reported, and what cancels all of them.
 * Argument: how often what is about several threads. */
#define _GNU_SOURCE
#include <signal.h>

#include "census.h"
#include "check.h"
#include "stalls.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"calls\"}"
#define MEMBERSHIP(metadata) "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":" metadata "}"
#define ANSWER(length, json) LINE("HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" json)
#define BOUND ANSWER("78", MEMBERSHIP("{\"hwid\":\"calls\"}"))
#define BOUND_WITH_A_NOTE MEMBERSHIP("{\"hwid\":\"calls\",\"note\":\"n\"}")

enum { LATE = 600000, SEVERAL = 8 };

static int rounds;

static struct stall mute = {.lines = {LINE("")}};
static struct stall allows = {.lines = {BOUND}, .again = 1};
static struct stall stops_at_the_write = {.lines = {ANSWER("89", BOUND_WITH_A_NOTE), LINE("")}};

static whop_client *client_of(const struct stall *stall)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_calls", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, stall->base_url) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, LATE) == WHOP_OK);
    return client;
}

static whop_call *start(const whop_client *client)
{
    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, "K", DEVICE, &call) == WHOP_OK);
    return call;
}

/* Pending until it is done, then the same for each who asks. */
static void result_can_be_asked_again(void)
{
    whop_client *client = client_of(&mute), *other = client_of(&allows);
    whop_response *first = NULL, *second = NULL;
    whop_call *call = start(client);
    CHECK(whop_call_is_done(call) == 0 && whop_call_wait(call, 0) == 0 && whop_call_wait(call, 20) == 0);
    CHECK(whop_call_result(call, NULL) == WHOP_PENDING);
    CHECK(whop_call_result(call, &first) == WHOP_PENDING);
    CHECK(whop_status_verdict(WHOP_PENDING) == WHOP_UNDETERMINED);
    CHECK(strstr(whop_response_message(first), "not done yet") != NULL);
    CHECK(whop_response_http_status(first) == 0 && whop_response_json(first) == NULL);
    whop_response_free(first);
    whop_call_free(call);

    call = start(other);
    CHECK(whop_call_wait(call, LATE) == 1 && whop_call_is_done(call) == 1);
    CHECK(whop_call_result(call, &first) == WHOP_OK && whop_call_result(call, &second) == WHOP_OK && first != second);
    CHECK(strcmp(whop_response_string(first, "/license_key"), "K") == 0);
    whop_response_free(first);
    whop_call_cancel(call); /* too late: nothing changes */
    whop_client_cancel_all(other);
    CHECK(whop_call_result(call, NULL) == WHOP_OK);
    whop_call_free(call);
    whop_client_free(other);
    CHECK(strcmp(whop_response_string(second, "/license_key"), "K") == 0); /* it outlives all */
    whop_response_free(second);
    whop_client_free(client);
}

static void *poll_until_done(void *call)
{
    while (!whop_call_is_done(call)) {
        const whop_status status = whop_call_result(call, NULL);
        CHECK(status == WHOP_PENDING || status == WHOP_OK);
    }
    CHECK(whop_call_result(call, NULL) == WHOP_OK);
    return NULL;
}

static void *wait_until_canceled(void *call)
{
    CHECK(whop_call_wait(call, LATE) == 1);
    CHECK(whop_call_result(call, NULL) == WHOP_CANCELED);
    return NULL;
}

static void *cancel(void *call)
{
    whop_call_cancel(call);
    CHECK(whop_call_is_done(call) == 1);
    return NULL;
}

static void other_threads_may_ask_and_cancel(void)
{
    whop_client *client = client_of(&allows), *hangs = client_of(&mute);
    pthread_t threads[SEVERAL];
    for (int round = 0; round < rounds; round++) {
        whop_call *call = start(client);
        for (int i = 0; i < SEVERAL; i++)
            CHECK(pthread_create(&threads[i], NULL, poll_until_done, call) == 0);
        for (int i = 0; i < SEVERAL; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
        whop_call_free(call);

        call = start(hangs);
        for (int i = 0; i < SEVERAL; i++)
            CHECK(pthread_create(&threads[i], NULL, i < SEVERAL / 2 ? wait_until_canceled : cancel, call) == 0);
        for (int i = 0; i < SEVERAL; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
        whop_call_free(call);
    }
    whop_client_free(client);
    whop_client_free(hangs);
}

static void each_end_is_reported_once(void)
{
    whop_client *client = client_of(&mute), *other = client_of(&mute);
    whop_call *calls[SEVERAL], *of_other = start(other);
    CHECK(whop_client_wait_any(client, 0) == 0);
    for (int i = 0; i < SEVERAL; i++)
        calls[i] = start(client);
    const int64_t began = now_ms();
    CHECK(whop_client_wait_any(client, 30) == 0);
    CHECK(now_ms() - began >= 30);

    for (int i = 0; i < 4; i++)
        whop_call_cancel(calls[i]);
    whop_call_free(calls[0]); /* ended, and not reported */
    whop_call_free(calls[4]); /* runs */
    whop_call_cancel(of_other);
    for (int i = 0; i < 3; i++)
        CHECK(whop_client_wait_any(client, LATE) == 1);
    CHECK(whop_client_wait_any(client, 0) == 0);
    CHECK(whop_client_wait_any(other, 0) == 1 && whop_client_wait_any(other, 0) == 0);
    whop_client_cancel_all(client);
    for (int i = 5; i < SEVERAL; i++)
        CHECK(whop_client_wait_any(client, LATE) == 1);
    CHECK(whop_client_wait_any(client, 0) == 0);

    whop_call *refused = NULL;
    CHECK(whop_client_start_validate_license(client, "", DEVICE, &refused) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_wait_any(client, 0) == 1 && whop_client_wait_any(client, 0) == 0);
    whop_call_free(refused);
    for (int i = 1; i < SEVERAL; i++)
        if (i != 4)
            whop_call_free(calls[i]);
    whop_call_free(of_other);
    whop_client_free(client);
    whop_client_free(other);
}

static void *wait_for_one(void *client)
{
    CHECK(whop_client_wait_any(client, LATE) == 1);
    return NULL;
}

static void several_may_wait_for_any(void)
{
    whop_client *client = client_of(&allows);
    pthread_t waiters[SEVERAL];
    whop_call *calls[SEVERAL];
    for (int i = 0; i < SEVERAL; i++)
        CHECK(pthread_create(&waiters[i], NULL, wait_for_one, client) == 0);
    for (int i = 0; i < SEVERAL; i++)
        calls[i] = start(client);
    for (int i = 0; i < SEVERAL; i++)
        CHECK(pthread_join(waiters[i], NULL) == 0);
    CHECK(whop_client_wait_any(client, 0) == 0);
    for (int i = 0; i < SEVERAL; i++) {
        CHECK(whop_call_result(calls[i], NULL) == WHOP_OK);
        whop_call_free(calls[i]);
    }
    whop_client_free(client);
}

/* A call that has just ended, and may not be noted yet, is freed: it is never reported after that. */
static void freed_call_is_not_reported(void)
{
    whop_client *client = client_of(&allows);
    for (int i = 0; i < 20 * rounds; i++) {
        whop_call *call = start(client);
        while (!whop_call_is_done(call))
            ;
        whop_call_free(call);
        CHECK(whop_client_wait_any(client, i % 10 == 0 ? 1 : 0) == 0);
    }
    whop_client_free(client);
}

static void freed_client_lets_calls_end(void)
{
    whop_client *client = client_of(&allows);
    whop_call *calls[SEVERAL];
    for (int i = 0; i < SEVERAL; i++)
        calls[i] = start(client);
    whop_client_free(client);
    for (int i = 0; i < SEVERAL; i++) {
        CHECK(whop_call_wait(calls[i], LATE) == 1);
        CHECK(whop_call_result(calls[i], NULL) == WHOP_OK);
        whop_call_free(calls[i]);
    }
}

/* What a thread is to call, blocking, and what comes of it when all is canceled. */
struct blocking {
    const whop_client *client;
    enum { VALIDATE, CREATE, RESET, RESET_HALF, CONNECT } what;
};

static void *block(void *argument)
{
    const struct blocking *blocking = argument;
    whop_response *response = NULL;
    switch (blocking->what) {
    case VALIDATE:
        CHECK(whop_client_validate_license(blocking->client, "K", DEVICE, &response) == WHOP_CANCELED);
        CHECK(strstr(whop_response_message(response), "canceled") != NULL);
        break;
    case CREATE:
        CHECK(whop_client_create_plan(blocking->client, "{\"product_id\":\"prod_1\"}", &response) == WHOP_CANCELED);
        break;
    case RESET:
        CHECK(whop_client_reset_license(blocking->client, "K", &response) == WHOP_CANCELED);
        break;
    case RESET_HALF: /* other metadata may be lost: it is handed over, as when the network fails */
        CHECK(whop_client_reset_license(blocking->client, "K", &response) == WHOP_NO_ANSWER);
        CHECK(strcmp(whop_response_json(response), BOUND_WITH_A_NOTE) == 0);
        break;
    case CONNECT:
        CHECK(whop_client_connect(blocking->client) == WHOP_CANCELED);
        break;
    }
    whop_response_free(response);
    return NULL;
}

/* Has threads wait in a call until each has sent its request, and cancels all. */
static void cancel_all_ends(struct stall *stall, whop_client *client, int what, int count)
{
    struct blocking blocking = {client, what};
    pthread_t threads[SEVERAL];
    const int reached = stall_get(stall, &stall->reached);
    for (int i = 0; i < count; i++)
        CHECK(pthread_create(&threads[i], NULL, block, &blocking) == 0);
    stall_await(stall, &stall->reached, reached + count);
    whop_client_cancel_all(client);
    for (int i = 0; i < count; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static void cancel_all_ends_blocking_calls_and_spares_later_ones(void)
{
    whop_client *client = client_of(&mute), *resets = client_of(&stops_at_the_write);
    for (int round = 0; round < rounds; round++) {
        cancel_all_ends(&mute, client, VALIDATE, SEVERAL);
        cancel_all_ends(&mute, client, CREATE, SEVERAL);
        cancel_all_ends(&mute, client, RESET, SEVERAL);
        cancel_all_ends(&stops_at_the_write, resets, RESET_HALF, 1);
    }
    whop_call *before = start(client);
    CHECK(whop_client_set_base_url(client, allows.base_url) == WHOP_OK); /* what runs keeps its settings */
    whop_client_cancel_all(client);
    CHECK(whop_call_wait(before, LATE) == 1 && whop_call_result(before, NULL) == WHOP_CANCELED);
    CHECK(whop_client_validate_license(client, "K", DEVICE, NULL) == WHOP_OK);
    whop_call *later = start(client);
    CHECK(whop_call_wait(later, LATE) == 1 && whop_call_result(later, NULL) == WHOP_OK);
    whop_call_free(before);
    whop_call_free(later);
    whop_client_free(client);
    whop_client_free(resets);
}

/* A connection that is opened ahead is the one of the next call, and carries nothing before. */
static void connection_ahead_of_need(void)
{
    whop_client *client = client_of(&allows);
    const int accepted = stall_get(&allows, &allows.accepted);
    CHECK(whop_client_connect(client) == WHOP_OK && whop_client_connect(client) == WHOP_OK);
    stall_await(&allows, &allows.accepted, accepted + 1);
    CHECK(whop_client_validate_license(client, "K", DEVICE, NULL) == WHOP_OK);
    CHECK(whop_client_connect(client) == WHOP_OK);
    whop_call *call = start(client);
    CHECK(whop_call_wait(call, LATE) == 1 && whop_call_result(call, NULL) == WHOP_OK);
    CHECK(stall_get(&allows, &allows.accepted) == accepted + 1);
    whop_call_free(call);

    char nobody[64];
    close(peer_listen(nobody, sizeof nobody));
    CHECK(whop_client_set_base_url(client, nobody) == WHOP_OK && whop_client_connect(client) == WHOP_UNREACHABLE);
    memcpy(nobody, "https", 5);
    snprintf(nobody, sizeof nobody, "https://%s", mute.base_url + strlen("http://"));
    CHECK(whop_client_set_base_url(client, nobody) == WHOP_OK);
    cancel_all_ends(&mute, client, CONNECT, SEVERAL);
    CHECK(whop_client_set_timeout_ms(client, 50) == WHOP_OK && whop_client_connect(client) == WHOP_UNREACHABLE);
    CHECK(whop_client_set_timeout_ms(client, 0) == WHOP_INVALID_ARGUMENT);
    CHECK(whop_client_connect(client) == WHOP_INVALID_ARGUMENT && whop_client_connect(NULL) == WHOP_INVALID_ARGUMENT);
    whop_client_free(client);
}

/* A signal that the host waits for is not taken by the thread of a call. */
static void call_takes_no_signal(const sigset_t *one)
{
    whop_client *client = client_of(&mute);
    const int reached = stall_get(&mute, &mute.reached);
    int which = 0;
    CHECK(pthread_sigmask(SIG_UNBLOCK, one, NULL) == 0);
    whop_call *call = start(client);
    CHECK(pthread_sigmask(SIG_BLOCK, one, NULL) == 0);
    stall_await(&mute, &mute.reached, reached + 1);
    CHECK(kill(getpid(), SIGUSR1) == 0); /* it would end the process where a thread has it unblocked */
    CHECK(sigwait(one, &which) == 0 && which == SIGUSR1);
    CHECK(whop_call_is_done(call) == 0);
    whop_call_free(call);
    whop_client_free(client);
}

/* A thread that has nothing to do ends. */
static void idle_threads_end(void)
{
    whop_client *client = client_of(&allows);
    whop_call *call = start(client);
    CHECK(whop_call_wait(call, LATE) == 1);
    CHECK(call_threads() > 0);
    await_fall(call_threads, 0);
    whop_call_free(call);
    call = start(client);
    CHECK(whop_call_wait(call, LATE) == 1 && whop_call_result(call, NULL) == WHOP_OK);
    whop_call_free(call);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    sigset_t one;
    CHECK(argc == 2);
    rounds = atoi(argv[1]);
    alarm(600);
    CHECK(sigemptyset(&one) == 0 && sigaddset(&one, SIGUSR1) == 0);
    CHECK(pthread_sigmask(SIG_BLOCK, &one, NULL) == 0);
    struct stall *const stalls[] = {&mute, &allows, &stops_at_the_write};
    pthread_t servers[3];
    for (int i = 0; i < 3; i++)
        servers[i] = stall_start(stalls[i]);
    call_takes_no_signal(&one);
    idle_threads_end();
    result_can_be_asked_again();
    other_threads_may_ask_and_cancel();
    each_end_is_reported_once();
    several_may_wait_for_any();
    freed_call_is_not_reported();
    freed_client_lets_calls_end();
    cancel_all_ends_blocking_calls_and_spares_later_ones();
    connection_ahead_of_need();
    for (int i = 0; i < 3; i++)
        stall_end(stalls[i], servers[i]);
    return 0;
}
