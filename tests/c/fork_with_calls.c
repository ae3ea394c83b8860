/* A process forks while calls are pending: in the child they are canceled, whether it asks, waits, cancels or frees; it can
 * start its own; and those of the parent go on. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/wait.h>

#include "check.h"
#include "stalls.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"fork\"}"
#define BOUND \
    LINE("HTTP/1.1 200 OK\r\nContent-Length: 77\r\n\r\n" \
         "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":{\"hwid\":\"fork\"}}")

enum { PENDING = 20, CHILDREN = 10, LATE = 600000 };

/* ThreadSanitizer ends a forked child that starts a thread, unless it is told not to. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

static whop_client *client_of(const char *base_url)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_fork", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, LATE) == WHOP_OK);
    return client;
}

static whop_call *start(const whop_client *client)
{
    whop_call *call = NULL;
    CHECK(whop_client_start_validate_license(client, "K", DEVICE, &call) == WHOP_OK);
    return call;
}

static void check_allowed(const whop_client *client)
{
    whop_call *call = start(client);
    CHECK(whop_call_wait(call, LATE) == 1 && whop_call_result(call, NULL) == WHOP_OK);
    CHECK(whop_client_wait_any(client, LATE) == 1);
    whop_call_free(call);
}

static void be_a_child(whop_client *hangs, whop_client *allows, whop_call **calls, whop_call *ended)
{
    alarm(60);
    for (int i = 0; i < PENDING; i++) {
        if (i % 2)
            whop_call_cancel(calls[i]);
        CHECK(whop_call_is_done(calls[i]) == 1 && whop_call_wait(calls[i], LATE) == 1);
        CHECK(whop_call_result(calls[i], NULL) == WHOP_CANCELED);
    }
    CHECK(whop_call_result(ended, NULL) == WHOP_OK);
    whop_client_cancel_all(hangs);
    CHECK(whop_client_wait_any(hangs, 0) == 0);
    for (int i = 0; i < PENDING; i++)
        whop_call_free(calls[i]);
    whop_call_free(ended);
    check_allowed(allows);
    whop_client_free(allows);
    whop_call *own = start(hangs);
    CHECK(whop_call_is_done(own) == 0);
    whop_client_free(hangs);
    whop_call_free(own);
    raise(SIGKILL); /* at an exit, valgrind would miss what the threads of the parent had */
}

int main(void)
{
    static struct stall mute = {.lines = {LINE("")}}, allowing = {.lines = {BOUND}, .again = 1};
    whop_call *calls[PENDING];
    const pthread_t first = stall_start(&mute), second = stall_start(&allowing);
    whop_client *hangs = client_of(mute.base_url), *allows = client_of(allowing.base_url);
    whop_call *ended = start(allows);
    CHECK(whop_client_wait_any(allows, LATE) == 1);
    check_allowed(allows);
    for (int i = 0; i < PENDING; i++)
        calls[i] = start(hangs);
    for (int i = 0; i < CHILDREN; i++) {
        const pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            be_a_child(hangs, allows, calls, ended);
        check_allowed(allows);
        int status = -1;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    for (int i = 0; i < PENDING; i++) {
        CHECK(whop_call_is_done(calls[i]) == 0);
        whop_call_free(calls[i]);
    }
    whop_call_free(ended);
    whop_client_free(hangs);
    whop_client_free(allows);
    stall_end(&mute, first);
    stall_end(&allowing, second);
    return 0;
}
