/* A process forks while another of its threads waits for an answer, to each request of one call: the child can use the
 * client, on a connection of its own, and the call ends as if there had been no child. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "peer.h"
#include "whop_license.h"

#define CURRENT(metadata) "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":" metadata "}"
#define UNBOUND CURRENT("{}")
#define BOUND CURRENT("{\"hwid\":\"parent\"}")
#define BOUND_TO_CHILD CURRENT("{\"hwid\":\"child\"}")

static whop_client *client;

static void *first_use(void *unused)
{
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "K", "{\"hwid\":\"parent\"}", &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), "parent") == 0);
    whop_response_free(response);
    return unused;
}

static void fork_now(int listener)
{
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(60);
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(client, "K", "{\"hwid\":\"child\"}", &response) == WHOP_OK);
        CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), "child") == 0);
        whop_response_free(response);
        whop_client_free(client);
        _exit(0);
    }
    const int connection = peer_receive(listener);
    CHECK(strncmp(peer_request, "GET ", 4) == 0);
    peer_answer(connection, 200, BOUND_TO_CHILD);
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(connection);
}

int main(void)
{
    static const char *const answers[] = {UNBOUND, BOUND, BOUND};
    char base_url[64];
    const int listener = peer_listen(base_url, sizeof base_url);
    for (int forked = 0; forked < 3; forked++) {
        CHECK(whop_client_new("apik_fork", &client) == WHOP_OK);
        CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
        pthread_t caller;
        CHECK(pthread_create(&caller, NULL, first_use, NULL) == 0);
        int connection = -1;
        for (int i = 0; i < 3; i++) {
            connection = peer_receive_next(listener, connection);
            if (i == forked)
                fork_now(listener);
            peer_answer(connection, 200, answers[i]);
        }
        CHECK(pthread_join(caller, NULL) == 0);
        close(connection);
        whop_client_free(client);
    }
    return 0;
}
