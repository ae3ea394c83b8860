/* Many threads share one client, each with its own license and device: no answer is lost, none reaches another thread.
 * Arguments: the API, an API key, then one license key a thread. */
#include <pthread.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

enum { CHECKS = 100, MAX_THREADS = 64 };

struct job {
    const whop_client *client;
    const char *license_key;
    int number;
};

static void *check_often(void *argument)
{
    const struct job *job = argument;
    char device[32], metadata[64];
    snprintf(device, sizeof device, "device-%d", job->number);
    snprintf(metadata, sizeof metadata, "{\"hwid\":\"%s\"}", device);
    for (int i = 0; i < CHECKS; i++) {
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(job->client, job->license_key, metadata, &response) == WHOP_OK);
        CHECK(strcmp(whop_response_string(response, "/license_key"), job->license_key) == 0);
        CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), device) == 0);
        whop_response_free(response);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const int threads = argc - 3;
    CHECK(threads > 0 && threads <= MAX_THREADS);
    whop_client *client = NULL;
    CHECK(whop_client_new(argv[2], &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, atoi(argv[1])) == WHOP_OK);

    pthread_t ids[MAX_THREADS];
    struct job jobs[MAX_THREADS];
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){client, argv[3 + i], i};
        CHECK(pthread_create(&ids[i], NULL, check_often, &jobs[i]) == 0);
    }
    for (int i = 0; i < threads; i++)
        CHECK(pthread_join(ids[i], NULL) == 0);
    whop_client_free(client);
    return 0;
}
