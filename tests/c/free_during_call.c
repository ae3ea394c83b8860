/* A client is freed while a call is in flight, during any of its requests: the call ends as if it had not been.
 * Argument: how many calls. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <semaphore.h>

#include "check.h"
#include "peer.h"
#include "whop_license.h"

enum { MAX_REQUESTS = 6, TURNS = 4 };
enum what { VALIDATE, RESET, CREATE };

#define V2(valid, status) "{\"id\":\"mem_1\",\"product\":\"prod_1\",\"valid\":" valid ",\"status\":\"" status "\"}"
#define CURRENT(status, metadata) \
    "{\"id\":\"mem_1\",\"license_key\":\"K\",\"product_id\":\"prod_1\",\"status\":\"" status "\",\"metadata\":" metadata "}"
#define UNBOUND CURRENT("active", "{}")
#define BOUND CURRENT("active", "{\"hwid\":\"free\"}")
#define BOUND_WITH_A_NOTE CURRENT("active", "{\"hwid\":\"free\",\"note\":\"n\"}")
#define WITH_A_NOTE CURRENT("active", "{\"note\":\"n\"}")
#define PLAN "{\"id\":\"plan_1\"}"
/* A relay is asked, in place of an API of Whop's. What is answered here is not signed. */
#define RELAY 3
#define PUBLIC_KEY "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
/* The connection is closed in place of an answer. */
#define LOST ""

/* A call, and the answers to its requests. */
struct exchange {
    int32_t api;
    enum what what;
    whop_status expected;
    const char *answers[MAX_REQUESTS];
};

static const struct exchange exchanges[] = {
    {WHOP_API_CURRENT, VALIDATE, WHOP_OK, {BOUND}},
    {WHOP_API_CURRENT, VALIDATE, WHOP_LICENSE_INACTIVE, {CURRENT("expired", "{}")}},
    {WHOP_API_CURRENT, VALIDATE, WHOP_OK, {UNBOUND, BOUND, BOUND}},
    {WHOP_API_CURRENT, RESET, WHOP_OK, {BOUND_WITH_A_NOTE, UNBOUND, WITH_A_NOTE}},
    {WHOP_API_CURRENT, CREATE, WHOP_OK, {PLAN}},
    {WHOP_API_V2, VALIDATE, WHOP_OK, {V2("true", "active")}},
    {WHOP_API_V2, VALIDATE, WHOP_LICENSE_INACTIVE, {V2("false", "expired")}},
    {WHOP_API_V2, RESET, WHOP_OK, {BOUND_WITH_A_NOTE, UNBOUND, WITH_A_NOTE}},
    {WHOP_API_V2, CREATE, WHOP_OK, {PLAN}},
    {RELAY, VALIDATE, WHOP_UNTRUSTED, {"{}"}},
};

static const struct exchange with_losses[] = {
    {WHOP_API_CURRENT, VALIDATE, WHOP_OK, {UNBOUND, LOST, UNBOUND, BOUND, BOUND}},
    {WHOP_API_CURRENT, VALIDATE, WHOP_OK, {UNBOUND, LOST, BOUND}},
    {WHOP_API_CURRENT, CREATE, WHOP_OK, {LOST, PLAN}},
    {WHOP_API_V2, VALIDATE, WHOP_OK, {LOST, V2("true", "active")}},
    {RELAY, VALIDATE, WHOP_UNTRUSTED, {LOST, "{}"}},
};

enum { EXCHANGES = sizeof exchanges / sizeof *exchanges, LOSSES = sizeof with_losses / sizeof *with_losses };

/* What is asked next, by a thread that asks for ever. */
static struct {
    sem_t asked, answered;
    whop_client *client;
    const struct exchange *exchange;
} call;

static void *calls(void *unused)
{
    (void)unused;
    for (;;) {
        whop_response *response = NULL;
        whop_status status = WHOP_INTERNAL_ERROR;
        CHECK(sem_wait(&call.asked) == 0);
        if (!call.client)
            return NULL;
        switch (call.exchange->what) {
        case VALIDATE:
            status = whop_client_validate_license(call.client, "K", "{\"hwid\":\"free\"}", &response);
            break;
        case RESET:
            status = whop_client_reset_license(call.client, "K", &response);
            break;
        case CREATE:
            status = whop_client_create_plan(call.client, "{\"product_id\":\"prod_1\"}", &response);
            break;
        }
        if (status != call.exchange->expected)
            fprintf(stderr, "%s: %s\n", whop_status_name(status), whop_response_message(response));
        CHECK(status == call.exchange->expected);
        CHECK(whop_response_http_status(response) == 201);
        whop_response_free(response);
        CHECK(sem_post(&call.answered) == 0);
    }
}

static whop_client *new_client(int32_t api, const char *base_url, const char *product_id)
{
    whop_client *client = NULL;
    if (api == RELAY) {
        CHECK(whop_client_new_relay(base_url, PUBLIC_KEY, &client) == WHOP_OK);
    } else {
        CHECK(whop_client_new("apik_free", &client) == WHOP_OK);
        CHECK(whop_client_set_api(client, api) == WHOP_OK);
        CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    }
    CHECK(whop_client_set_product_id(client, product_id) == WHOP_OK);
    return client;
}

/* Answers a request, and lets go of the client before that, in the middle, or as soon as the caller can go on. */
static int answer(int connection, const char *json, int turn, whop_client *client)
{
    const int is_lost = *json == '\0';
    whop_client *other = NULL;
    if (turn == 0) {
        whop_client_free(client);
        /* Takes the memory that is free now. */
        other = new_client(WHOP_API_CURRENT, "https://other.example/api", "prod_other");
    }
    if (is_lost)
        close(connection);
    else
        peer_answer_head(connection, 201, json);
    if (turn == 1) {
        whop_client_free(client);
        other = new_client(WHOP_API_CURRENT, "https://other.example/api", "prod_other");
    }
    if (!is_lost)
        peer_send(connection, json);
    if (turn == 2)
        whop_client_free(client); /* while the answer is judged */
    whop_client_free(other);
    return is_lost ? -1 : connection;
}

static void race(int listener, const char *base_url, const struct exchange *exchange, int turn, int number)
{
    int connection = -1, requests = 0;
    while (requests < MAX_REQUESTS && exchange->answers[requests] != NULL)
        requests++;
    const int last = number % requests;
    whop_client *client = new_client(exchange->api, base_url, "prod_1");
    call.client = client;
    call.exchange = exchange;
    CHECK(sem_post(&call.asked) == 0);
    for (int i = 0; i < requests; i++) {
        connection = peer_receive_next(listener, connection);
        connection = answer(connection, exchange->answers[i], i == last ? turn : -1, client);
    }
    CHECK(sem_wait(&call.answered) == 0);
    if (turn == TURNS - 1)
        whop_client_free(client);
    close(connection);
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
        race(listener, base_url, &exchanges[i % EXCHANGES], i / EXCHANGES % TURNS, i / EXCHANGES / TURNS);
    for (int i = 0; i < LOSSES * TURNS; i++) /* few, as each pauses */
        race(listener, base_url, &with_losses[i % LOSSES], i / LOSSES, i % 2);
    call.client = NULL;
    CHECK(sem_post(&call.asked) == 0);
    CHECK(pthread_join(caller, NULL) == 0);
    return 0;
}
