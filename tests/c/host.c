/* Hosts that leave little to a library: little stack, no standard streams, no descriptors, signals all the time; over both
 * APIs.
 * Arguments: the port of a sandbox with TLS and the file of its CA; the port of one without; the address of a peer that
 * closes each connection without reading. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"
#include "whop_license.h"

#define DEVICE "{\"hwid\":\"host\"}"
#define PLAN \
    "{\"product_id\":\"prod_sandbox\",\"initial_price\":10.43," \
    "\"custom_fields\":[{\"field_type\":\"text\",\"name\":\"Name?\"}]}"

static const char *tls_port, *ca_file, *port, *closing_peer;

static int32_t api;

static whop_client *new_client(void)
{
    char api_key[64];
    whop_client *client = NULL;
    snprintf(api_key, sizeof api_key, "sandbox_%s_full", port);
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    return client;
}

static whop_client *new_tls_client(void)
{
    char api_key[64], base_url[64];
    whop_client *client = NULL;
    snprintf(api_key, sizeof api_key, "sandbox_%s_full", tls_port);
    snprintf(base_url, sizeof base_url, "https://localhost:%s/api", tls_port);
    CHECK(whop_client_new(api_key, &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_OK);
    return client;
}

static void use(const whop_client *client)
{
    whop_response *response = NULL;
    CHECK(whop_client_validate_license(client, "SANDBOX-ACTIVE", DEVICE, &response) == WHOP_OK);
    CHECK(strcmp(whop_response_string(response, "/license_key"), "SANDBOX-ACTIVE") == 0);
    whop_response_free(response);
    CHECK(whop_client_create_plan(client, PLAN, &response) == WHOP_OK);
    whop_response_free(response);
}

/* JSON as deep as it is taken, in the request and in the answer. */
static void go_deep(const whop_client *client)
{
    enum { DEPTH = 120 };
    char open[DEPTH + 1] = "", close[DEPTH + 1] = "";
    char metadata[2 * DEPTH + 20], plan[2 * DEPTH + 80], pointer[2 * DEPTH + 20];
    memset(open, '[', DEPTH);
    memset(close, ']', DEPTH);
    snprintf(metadata, sizeof metadata, "{\"hwid\":%s7%s}", open, close);
    snprintf(plan, sizeof plan, "{\"product_id\":\"prod_sandbox\",\"metadata\":%s}", metadata);
    strcpy(pointer, "/metadata/hwid");
    for (int i = 0; i < DEPTH; i++)
        strcat(pointer, "/0");

    int64_t found = 0;
    whop_response *response = NULL;
    if (api == WHOP_API_V2) { /* in the current one, a device is told by texts */
        CHECK(whop_client_validate_license(client, "SANDBOX-TRIALING", metadata, &response) == WHOP_OK);
        CHECK(whop_response_integer(response, pointer, &found) == 1 && found == 7);
        whop_response_free(response);
    }
    CHECK(whop_client_create_plan(client, plan, &response) == WHOP_OK);
    CHECK(whop_response_integer(response, pointer, &found) == 1 && found == 7);
    whop_response_free(response);
}

static void *on_little_stack(void *deep)
{
    whop_client *clients[] = {new_client(), new_tls_client()};
    for (int i = 0; i < 2; i++) {
        if (api == WHOP_API_V2)
            CHECK(whop_client_set_expand(clients[i], "product,user,plan") == WHOP_OK);
        use(clients[i]);
        if (deep != NULL)
            go_deep(clients[i]);
        whop_client_free(clients[i]);
    }
    return NULL;
}

static void little_stack(size_t size, void *deep)
{
    pthread_attr_t little;
    pthread_t thread;
    CHECK(pthread_attr_init(&little) == 0);
    CHECK(pthread_attr_setstacksize(&little, size) == 0);
    CHECK(pthread_create(&thread, &little, on_little_stack, deep) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(pthread_attr_destroy(&little) == 0);
}

static void no_standard_streams(void)
{
    int kept[3];
    for (int i = 0; i < 3; i++) {
        kept[i] = fcntl(i, F_DUPFD, 100);
        CHECK(kept[i] >= 100);
    }
    for (int i = 0; i < 3; i++)
        close(i);

    whop_client *clients[] = {new_client(), new_tls_client()};
    for (int i = 0; i < 2; i++)
        use(clients[i]);
    /* The connections that are kept took the place of the streams. */
    const int taken = fcntl(0, F_GETFD) != -1 && fcntl(1, F_GETFD) != -1;
    for (int i = 0; i < 2; i++)
        whop_client_free(clients[i]);

    for (int i = 0; i < 3; i++)
        CHECK(dup2(kept[i], i) == i && close(kept[i]) == 0);
    CHECK(taken);
}

static void no_descriptors(void)
{
    whop_client *clients[] = {new_client(), new_tls_client()};
    struct rlimit before, none;
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    none = before;
    none.rlim_cur = 3;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    for (int i = 0; i < 2; i++) {
        CHECK(whop_client_validate_license(clients[i], "SANDBOX-ACTIVE", DEVICE, NULL) == WHOP_UNREACHABLE);
        CHECK(whop_client_create_plan(clients[i], PLAN, NULL) == WHOP_UNREACHABLE);
    }
    whop_client *client = new_client();
    CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_INVALID_ARGUMENT);
    whop_client_free(client);

    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    for (int i = 0; i < 2; i++) {
        use(clients[i]);
        whop_client_free(clients[i]);
    }
}

static volatile sig_atomic_t signals;

static void count(int number)
{
    (void)number;
    signals++;
}

static void signals_all_the_time(void)
{
    const struct itimerval every_ms = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = count; /* and no SA_RESTART: what waits is interrupted */
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &every_ms, NULL) == 0);
    whop_client *clients[] = {new_client(), new_tls_client()};
    for (int i = 0; i < 2; i++) {
        for (int round = 0; round < 3; round++)
            use(clients[i]);
        /* Answers after a while, in which nothing but signals comes. */
        CHECK(whop_client_validate_license(clients[i], "SANDBOX-SLOW", DEVICE, NULL) == WHOP_OK);
        whop_client_free(clients[i]);
    }
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    CHECK(signals > 100);
}

static void writing_to_a_closed_connection(void)
{
    static char metadata[200 * 1024], plan[200 * 1024 + 64];
    memset(metadata, 'a', sizeof metadata - 1);
    memcpy(metadata, "{\"hwid\":\"", 9);
    memcpy(metadata + sizeof metadata - 3, "\"}", 3);
    snprintf(plan, sizeof plan, "{\"product_id\":\"prod_sandbox\",\"metadata\":%s}", metadata);

    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR); /* a write that forgot about it would end this program */
    whop_client *client = new_client();
    CHECK(whop_client_set_base_url(client, closing_peer) == WHOP_OK);
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    for (int i = 0; i < 50; i++) {
        const whop_status status = api == WHOP_API_V2 ? whop_client_validate_license(client, "KEY", metadata, NULL)
                                                      : whop_client_create_plan(client, plan, NULL);
        CHECK(status == WHOP_NO_ANSWER || status == WHOP_UNREACHABLE);
    }
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    tls_port = argv[1];
    ca_file = argv[2];
    port = argv[3];
    closing_peer = argv[4];
    static const int32_t apis[] = {WHOP_API_CURRENT, WHOP_API_V2};
    for (int i = 0; i < 2; i++) {
        api = apis[i];
        little_stack(256 * 1024, NULL);
        /* Optimized, as it is shipped, the library makes do with 80 KiB here; without, as it is tested, with 384. A sanitizer
         * takes twice as much. */
#ifdef __SANITIZE_ADDRESS__
        little_stack(1024 * 1024, argv);
#else
        little_stack(512 * 1024, argv);
#endif
        no_standard_streams();
        no_descriptors();
        signals_all_the_time();
        writing_to_a_closed_connection();
    }
    return 0;
}
