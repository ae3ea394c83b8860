/* A server in a thread of this program: it plays one answer a request, and keeps the requests. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <pthread.h>

#include "check.h"
#include "peer.h"

enum { MOST_ANSWERS = 6 };

struct answer {
    int http_status; /* 0: the connection is closed in place of an answer */
    const char *json;
};

static struct {
    pthread_t thread;
    int listener;
    char base_url[64];
    char sandbox_key[64]; /* leads there by itself */
    const struct answer *answers;
    int count;
    char requests[MOST_ANSWERS][sizeof peer_request];
} script;

static inline void script_listen(void)
{
    script.listener = peer_listen(script.base_url, sizeof script.base_url);
    const int port = atoi(script.base_url + strlen("http://127.0.0.1:"));
    snprintf(script.sandbox_key, sizeof script.sandbox_key, "sandbox_%d_key", port);
}

static inline void *script_thread(void *unused)
{
    int connection = -1;
    for (int i = 0; i < script.count; i++) {
        const struct answer *answer = &script.answers[i];
        connection = peer_receive_next(script.listener, connection);
        memcpy(script.requests[i], peer_request, sizeof peer_request);
        if (answer->http_status == 0) {
            close(connection);
            connection = -1;
        } else {
            peer_answer(connection, answer->http_status, answer->json);
        }
    }
    if (connection >= 0)
        close(connection);
    return unused;
}

/* Plays these answers to the next call. */
static inline void script_begin(const struct answer *answers)
{
    script.answers = answers;
    for (script.count = 0; script.count < MOST_ANSWERS && answers[script.count].json != NULL; script.count++)
        ;
    CHECK(pthread_create(&script.thread, NULL, script_thread, NULL) == 0);
}

/* Each answer was asked for; a call that asked for more has not ended well, because nobody answered. */
static inline void script_end(void)
{
    CHECK(pthread_join(script.thread, NULL) == 0);
}

/* Whether that request begins with the line, and has these bytes in it. */
static inline int script_was_asked(int request, const char *line, const char *bytes)
{
    const char *seen = script.requests[request];
    const int is_so = strncmp(seen, line, strlen(line)) == 0 && strstr(seen, bytes) != NULL;
    if (!is_so)
        fprintf(stderr, "request %d: %s\n", request, seen);
    return is_so;
}

#endif
