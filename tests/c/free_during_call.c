/* A client is freed while a call is in flight: the call ends as if it had not been.
 * Argument: how many calls. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <semaphore.h>

#include "check.h"
#include "peer.h"
#include "whop_license.h"

/* What is asked next, by a thread that asks for ever. */
static struct {
    sem_t asked, answered;
    whop_client *client;
    int is_plan;
    whop_status expected;
} call;

static void *calls(void *unused)
{
    (void)unused;
    for (;;) {
        whop_response *response = NULL;
        CHECK(sem_wait(&call.asked) == 0);
        if (!call.client)
            return NULL;
        whop_status status =
            call.is_plan ? whop_client_create_plan(call.client, "{\"product_id\":\"prod_1\"}", &response)
                         : whop_client_validate_license(call.client, "K", "{\"hwid\":\"free\"}", &response);
        if (status != call.expected)
            fprintf(stderr, "%s: %s\n", whop_status_name(status), whop_response_message(response));
        CHECK(status == call.expected);
        CHECK(whop_response_http_status(response) == 201);
        whop_response_free(response);
        CHECK(sem_post(&call.answered) == 0);
    }
}

static whop_client *new_client(const char *base_url, const char *product_id)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_free", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, product_id) == WHOP_OK);
    return client;
}

static void race(int listener, const char *base_url, int number)
{
    static const char *const VALID = "{\"id\":\"mem_1\",\"product\":\"prod_1\",\"valid\":true,\"status\":\"active\"}";
    static const char *const INVALID =
        "{\"id\":\"mem_1\",\"product\":\"prod_1\",\"valid\":false,\"status\":\"expired\"}";
    static const char *const PLAN = "{\"id\":\"plan_1\"}";
    const int turn = number % 4, is_lost = number % 1002 == 0;
    const char *json = VALID;
    call.client = new_client(base_url, "prod_1");
    call.is_plan = number % 3 == 2;
    call.expected = WHOP_OK;
    if (call.is_plan) {
        json = PLAN;
    } else if (number % 3 == 1) {
        json = INVALID;
        call.expected = WHOP_LICENSE_INACTIVE;
    }
    CHECK(sem_post(&call.asked) == 0);
    int connection = peer_receive(listener);

    if (turn == 0 || is_lost)
        whop_client_free(call.client);
    /* Takes the memory that is free now. */
    whop_client *other = new_client("https://other.example/api", "prod_other");
    if (is_lost) {
        close(connection);
        connection = peer_receive(listener);
    }
    peer_answer_head(connection, json);
    if (turn == 1 && !is_lost)
        whop_client_free(call.client);
    peer_send(connection, json);
    if (turn == 2 && !is_lost)
        whop_client_free(call.client); /* while the answer is judged */
    CHECK(sem_wait(&call.answered) == 0);
    if (turn == 3 && !is_lost)
        whop_client_free(call.client);
    close(connection);
    whop_client_free(other);
}

int main(int argc, char **argv)
{
    char base_url[64];
    pthread_t caller;
    CHECK(argc == 2);
    int listener = peer_listen(base_url, sizeof base_url);
    CHECK(sem_init(&call.asked, 0, 0) == 0 && sem_init(&call.answered, 0, 0) == 0);
    CHECK(pthread_create(&caller, NULL, calls, NULL) == 0);
    for (int i = 0; i < atoi(argv[1]); i++)
        race(listener, base_url, i);
    call.client = NULL;
    CHECK(sem_post(&call.asked) == 0);
    CHECK(pthread_join(caller, NULL) == 0);
    return 0;
}
