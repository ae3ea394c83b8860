/* More pending calls than there may be, or than there are descriptors for: the others are told so, and nothing else happens. */
#define _GNU_SOURCE
#include <sys/resource.h>

#include "census.h"
#include "check.h"
#include "hanging_lookups.h"
#include "stalls.h"
#include "whop_license.h"

enum { MOST = 1024, MORE = 20, LATE = 600000 };

static whop_client *client_of(const char *base_url)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_many", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, LATE) == WHOP_OK);
    return client;
}

static whop_call *start(const whop_client *client)
{
    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, "K", "{\"hwid\":\"many\"}", &call) == WHOP_OK);
    return call;
}

static void more_than_may_be_pending(void)
{
    static whop_call *calls[MOST + MORE];
    whop_client *client = client_of("https://whop.test/api");
    for (int i = 0; i < MOST + MORE; i++)
        calls[i] = start(client);
    while (call_threads() < MOST) /* each names itself */
        usleep(5000);
    CHECK(call_threads() == MOST);
    for (int i = 0; i < MOST + MORE; i++) {
        whop_response *response = NULL;
        CHECK(whop_call_is_done(calls[i]) == (i >= MOST));
        const whop_status status = whop_call_result(calls[i], &response);
        CHECK(status == (i < MOST ? WHOP_PENDING : WHOP_UNREACHABLE));
        CHECK(i < MOST || strstr(whop_response_message(response), "1024 calls are pending already") != NULL);
        whop_response_free(response);
    }
    whop_call_free(calls[0]); /* makes room for one more, once its thread has ended it */
    whop_status status = WHOP_UNREACHABLE;
    while (status == WHOP_UNREACHABLE) {
        usleep(200);
        whop_call_free(calls[MOST]);
        calls[MOST] = start(client);
        status = whop_call_result(calls[MOST], NULL);
    }
    CHECK(status == WHOP_PENDING);

    whop_client_cancel_all(client);
    for (int i = 1; i <= MOST; i++) {
        CHECK(whop_call_wait(calls[i], LATE) == 1);
        CHECK(whop_call_result(calls[i], NULL) == WHOP_CANCELED);
    }
    for (int i = 1; i < MOST + MORE; i++)
        whop_call_free(calls[i]);
    whop_client_free(client);
    await_fall(call_threads, 0);
}

static void more_than_there_are_descriptors_for(void)
{
    enum { FIT = 10, ALL = 30 };
    struct stall mute = {.lines = {LINE("")}};
    whop_call *calls[ALL];
    struct rlimit before, few;
    const pthread_t server = stall_start(&mute);
    whop_client *client = client_of(mute.base_url);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    const int free_ones = descriptors();
    for (int i = 0; i < FIT; i++)
        calls[i] = start(client);
    stall_await(&mute, &mute.reached, FIT);
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = before;
    const int next = dup(0);
    few.rlim_cur = (rlim_t)next; /* as many as are open */
    CHECK(next > 0 && close(next) == 0);
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    for (int i = FIT; i < ALL; i++) {
        calls[i] = start(client);
        CHECK(whop_call_wait(calls[i], LATE) == 1);
        CHECK(whop_call_result(calls[i], NULL) == WHOP_UNREACHABLE);
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    for (int i = 0; i < ALL; i++) {
        CHECK(i >= FIT || whop_call_is_done(calls[i]) == 0);
        whop_call_free(calls[i]);
    }
    await_fall(descriptors, free_ones);
    whop_client_free(client);
    stall_end(&mute, server);
}

int main(void)
{
    alarm(300);
    more_than_may_be_pending();
    more_than_there_are_descriptors_for();
    CHECK(pthread_mutex_lock(&lookups) == 0);
    lookups_end = 1;
    CHECK(pthread_cond_broadcast(&ended) == 0 && pthread_mutex_unlock(&lookups) == 0);
    return 0;
}
