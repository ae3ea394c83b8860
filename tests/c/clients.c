/* Clients come and go while others work, and go as soon as a call in another thread is over.
 * Arguments: the API, and an API key. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <semaphore.h>

#include "check.h"
#include "whop_license.h"

enum { CALLERS = 4, MAKERS = 2, CLIENTS_EACH = 500, HANDOVERS = 100 };

static int32_t api;
static const char *api_key;
static sem_t makers_done;

static whop_client *new_client(void)
{
    whop_client *client = NULL;
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_sandbox") == WHOP_OK);
    return client;
}

static void validate(const whop_client *client)
{
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", "{\"hwid\":\"clients\"}", &response) == WHOP_OK);
    CHECK(whop_response_string(response, "/status") != NULL);
    whop_response_free(response);
}

static void *call_until_makers_are_done(void *client)
{
    int done = 0;
    do {
        validate(client);
        CHECK(sem_getvalue(&makers_done, &done) == 0);
    } while (done < MAKERS);
    return NULL;
}

static void *make_and_free(void *unused)
{
    (void)unused;
    for (int i = 0; i < CLIENTS_EACH; i++) {
        whop_client *client = new_client();
        if (i % 10 == 0)
            validate(client);
        whop_client_free(client);
    }
    CHECK(sem_post(&makers_done) == 0);
    return NULL;
}

static void clients_come_and_go(void)
{
    pthread_t callers[CALLERS], makers[MAKERS];
    whop_client *client = new_client();
    CHECK(sem_init(&makers_done, 0, 0) == 0);
    for (int i = 0; i < CALLERS; i++)
        CHECK(pthread_create(&callers[i], NULL, call_until_makers_are_done, client) == 0);
    for (int i = 0; i < MAKERS; i++)
        CHECK(pthread_create(&makers[i], NULL, make_and_free, NULL) == 0);
    for (int i = 0; i < MAKERS; i++)
        CHECK(pthread_join(makers[i], NULL) == 0);
    for (int i = 0; i < CALLERS; i++)
        CHECK(pthread_join(callers[i], NULL) == 0);
    whop_client_free(client);
}

struct last_call {
    whop_client *client;
    sem_t over;
};

static void *call_for_the_last_time(void *argument)
{
    struct last_call *call = argument;
    validate(call->client);
    CHECK(sem_post(&call->over) == 0);
    return NULL;
}

static void freed_as_soon_as_the_last_call_is_over(void)
{
    for (int i = 0; i < HANDOVERS; i++) {
        struct last_call call = {.client = new_client()};
        pthread_t thread;
        CHECK(sem_init(&call.over, 0, 0) == 0);
        CHECK(pthread_create(&thread, NULL, call_for_the_last_time, &call) == 0);
        CHECK(sem_wait(&call.over) == 0);
        whop_client_free(call.client);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    api = atoi(argv[1]);
    api_key = argv[2];
    clients_come_and_go();
    freed_as_soon_as_the_last_call_is_over();
    return 0;
}
