/* Children use the client of their parent while it goes on using it: each process gets its own answers, and none uses a
 * connection that is not its own. Linux alone.
 * Arguments: how children are made; the API, an API key, a base URL, a CA file or "", then one license key a process.
 *
 *     fork              by fork()
 *     clone             by a system call, of which the C library and its handlers of fork() do not know
 *     fork-namespace    the same two, where the parent and each child are process 1, each of a PID namespace of its own;
 *     clone-namespace   there is one such child of fork() */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

enum { CHECKS = 10, MAX_CHILDREN = 32 };

static int connects;

/* In place of the C library's, which is declared alike but for the address. */
int connect(int socket, const void *address, unsigned length)
{
    connects++;
    return (int)syscall(SYS_connect, socket, address, length);
}

static void check_often(const whop_client *client, const char *license_key)
{
    char metadata[64];
    snprintf(metadata, sizeof metadata, "{\"hwid\":\"%s\"}", license_key);
    for (int i = 0; i < CHECKS; i++) {
        whop_response *response = NULL;
        CHECK(whop_client_validate_license(client, license_key, metadata, &response) == WHOP_OK);
        CHECK(strcmp(whop_response_string(response, "/license_key"), license_key) == 0);
        CHECK(strcmp(whop_response_string(response, "/metadata/hwid"), license_key) == 0);
        whop_response_free(response);
    }
}

static pid_t made_by_system_call(int namespaces)
{
    return (pid_t)syscall(SYS_clone, namespaces | SIGCHLD, 0, 0, 0, 0);
}

static void succeeds(pid_t child)
{
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv)
{
    const int by_system_call = strncmp(argv[1], "clone", 5) == 0;
    const int namespaces = strstr(argv[1], "namespace") != NULL ? CLONE_NEWPID : 0;
    const int children = argc - 7;
    CHECK(children > 0 && children <= MAX_CHILDREN);
    if (namespaces) {
        pid_t first = made_by_system_call(namespaces | (geteuid() == 0 ? 0 : CLONE_NEWUSER));
        CHECK(first >= 0);
        if (first > 0) {
            succeeds(first);
            return 0;
        }
        CHECK(getpid() == 1);
    }

    whop_client *client = NULL;
    CHECK(whop_client_new(argv[3], &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, atoi(argv[2])) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, argv[4]) == WHOP_OK);
    CHECK(*argv[5] == '\0' || whop_client_set_ca_file(client, argv[5]) == WHOP_OK);
    check_often(client, argv[6]); /* leaves a connection that the children inherit */
    const int connects_before = connects;
    CHECK(connects_before > 0);

    const int own_namespace = open("/proc/self/ns/pid", O_RDONLY);
    if (namespaces && !by_system_call)
        CHECK(children == 1 && unshare(CLONE_NEWPID) == 0);
    pid_t ids[MAX_CHILDREN];
    for (int i = 0; i < children; i++) {
        ids[i] = by_system_call ? made_by_system_call(namespaces) : fork();
        CHECK(ids[i] >= 0);
        if (ids[i] == 0) {
            CHECK(!namespaces || getpid() == 1);
            alarm(60);
            check_often(client, argv[7 + i]);
            CHECK(connects > connects_before);
            whop_client_free(client); /* which must not end the parent's connection */
            _exit(0);
        }
    }
    if (namespaces) /* a process whose children go to another namespace cannot start threads */
        CHECK(setns(own_namespace, CLONE_NEWPID) == 0);
    check_often(client, argv[6]);
    for (int i = 0; i < children; i++)
        succeeds(ids[i]);
    check_often(client, argv[6]);
    CHECK(connects == connects_before);
    whop_client_free(client);
    return 0;
}
