/* Threads, and children of a fork, share a client of a relay and its lease file with their parent: each gets its own answers.
 * Arguments: the URL of a relay that names the license in the membership's id and the device in the plan's, its public keys,
 * the lease file, and how many threads and as many children. */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

enum { CHECKS = 5, MAX = 64 };

static whop_client *client;

static void check_often(int number)
{
    char license_key[32], metadata[64], id[40], plan[40];
    snprintf(license_key, sizeof license_key, "KEY-%d", number);
    snprintf(metadata, sizeof metadata, "{\"hwid\":\"device-%d\"}", number);
    snprintf(id, sizeof id, "mem_%s", license_key);
    snprintf(plan, sizeof plan, "plan_device-%d", number);
    for (int i = 0; i < CHECKS; i++) {
        whop_response *response = NULL;
        const whop_status status = whop_client_validate_license(client, license_key, metadata, &response);
        if (status != WHOP_OK)
            fprintf(stderr, "%s\n", whop_response_message(response));
        CHECK(status == WHOP_OK && whop_response_is_offline(response) == 0);
        CHECK(strcmp(whop_response_message(response), "The license is valid here.") == 0);
        CHECK(strcmp(whop_response_membership_id(response), id) == 0);
        CHECK(strcmp(whop_response_string(response, "/plan"), plan) == 0);
        whop_response_free(response);
    }
}

static void *in_a_thread(void *number)
{
    check_often((int)(size_t)number);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    const int count = atoi(argv[4]);
    pthread_t threads[MAX];
    pid_t children[MAX];
    CHECK(count > 0 && count <= MAX);
    CHECK(whop_client_new_relay(argv[1], argv[2], &client) == WHOP_OK);
    CHECK(whop_client_set_product_id(client, "prod_1") == WHOP_OK);
    CHECK(whop_client_set_lease_file(client, argv[3]) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, 60000) == WHOP_OK);
    check_often(0); /* leaves a connection that the children inherit */

    for (int i = 0; i < count; i++)
        CHECK(pthread_create(&threads[i], NULL, in_a_thread, (void *)(size_t)i) == 0);
    for (int i = 0; i < count; i++) { /* while threads may hold the lock */
        children[i] = fork();
        CHECK(children[i] >= 0);
        if (children[i] == 0) {
            alarm(120);
            check_often(100 + i);
            whop_client_free(client);
            _exit(0);
        }
    }
    for (int i = 0; i < count; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    check_often(1);
    for (int i = 0; i < count; i++) {
        int status = -1;
        CHECK(waitpid(children[i], &status, 0) == children[i]);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    whop_client_free(client);
    return 0;
}
