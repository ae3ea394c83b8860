/* What bench.c measures: one way to check a license. Each contender implements these functions in a file of its own. */
#ifndef CONTENDER_H
#define CONTENDER_H

#ifdef __cplusplus
extern "C" {
#endif

/* From the environment, the same for every contender of every language. */
struct target {
    const char *url;         /* https://localhost:PORT, without a path */
    const char *ca_file;     /* the one certificate to trust */
    const char *api;         /* "current", "v2" or "relay" */
    const char *api_key;
    const char *public_keys; /* the relay's */
    const char *key_id;      /* of the one with which it signs */
    const char *license_key;
    const char *device;
    const char *product;
};

/* The client of one thread. */
struct client;

/* Made with the settings of an ordinary program. */
struct client *client_new(const struct target *target);

/* The client for one more thread: the same where threads may share it. */
struct client *client_for_thread(struct client *first, const struct target *target);

/* Opens a connection ahead of need: 1; 0 where the contender cannot. */
int client_connect(struct client *client);

/* One check: 1 if the license is allowed. */
int client_check(struct client *client);

void client_free(struct client *client);

#ifdef __cplusplus
}
#endif

#endif
