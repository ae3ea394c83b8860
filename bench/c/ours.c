/* The library, as a C program uses it. BENCH_STARTED: with a call that is started and waited for. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contender.h"
#include "whop_license.h"

/* So that an older library, which lacks them, can be measured too. */
#pragma weak whop_client_connect
#pragma weak whop_client_start_validate_license
#pragma weak whop_call_wait
#pragma weak whop_call_result
#pragma weak whop_call_free

struct client {
    whop_client *whop;
    const struct target *target;
    char metadata[128];
    int starts;
};

struct client *client_new(const struct target *target)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        abort();
    char base_url[256];
    client->target = target;
    client->starts = getenv("BENCH_STARTED") != NULL;
    if (strcmp(target->api, "relay") == 0) {
        whop_client_new_relay(target->url, target->public_keys, &client->whop);
        whop_client_set_device_id(client->whop, target->device);
    } else {
        whop_client_new(target->api_key, &client->whop);
        snprintf(base_url, sizeof base_url, "%s/api", target->url);
        whop_client_set_base_url(client->whop, base_url);
        snprintf(client->metadata, sizeof client->metadata, "{\"hwid\":\"%s\"}", target->device);
        if (strcmp(target->api, "v2") == 0)
            whop_client_set_api(client->whop, WHOP_API_V2);
    }
    whop_client_set_product_id(client->whop, target->product);
    whop_client_set_ca_file(client->whop, target->ca_file);
    return client;
}

struct client *client_for_thread(struct client *first, const struct target *target)
{
    (void)target;
    return first;
}

int client_connect(struct client *client)
{
    return whop_client_connect != NULL && whop_client_connect(client->whop) == WHOP_OK;
}

static whop_status start_and_wait(const struct client *client, const char *metadata, whop_response **response)
{
    whop_call *call;
    whop_client_start_validate_license(client->whop, client->target->license_key, metadata, &call);
    whop_call_wait(call, 10000);
    const whop_status status = whop_call_result(call, response);
    whop_call_free(call);
    return status;
}

int client_check(struct client *client)
{
    whop_response *response;
    const char *metadata = client->metadata[0] != '\0' ? client->metadata : NULL;
    const whop_status status =
        client->starts ? start_and_wait(client, metadata, &response)
                       : whop_client_validate_license(client->whop, client->target->license_key, metadata, &response);
    const int allowed = whop_status_verdict(status) == WHOP_ALLOWED;
    if (!allowed)
        fprintf(stderr, "%s: %s\n", whop_status_name(status), whop_response_message(response));
    whop_response_free(response);
    return allowed;
}

void client_free(struct client *client)
{
    whop_client_free(client->whop);
    free(client);
}
