/* bench.c with one contender is a program that measures it, and prints its figures as one line of JSON:
 *
 *     PROGRAM verdict            one check, for those who measure the whole process
 *     PROGRAM first              the first client and check of this process
 *     PROGRAM create N           clients made, and freed, without a check
 *     PROGRAM cold N             checks, each with a new client
 *     PROGRAM warm N             checks with one client
 *     PROGRAM connected N        as cold, after the connection was opened ahead of need
 *     PROGRAM threads T SECONDS  checks of T threads
 *     PROGRAM wire N             what TCP carries in each of N checks with one client
 *     PROGRAM memory             what the process holds after one check, in kB
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "contender.h"
#include "footprint.h"

static struct target target;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

/* Of all threads of the process, in microseconds. */
static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "%s is not set\n", name);
        exit(2);
    }
    return value;
}

static void check(struct client *client)
{
    if (!client_check(client)) {
        fputs("a check failed\n", stderr);
        exit(1);
    }
}

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void print_times(double *times, size_t count, double cpu_each)
{
    qsort(times, count, sizeof *times, ascending);
    printf("{\"p50\": %.2f, \"p99\": %.2f, \"cpu\": %.2f}\n", times[count / 2], times[count * 99 / 100], cpu_each);
}

static void create(size_t count)
{
    double *times = calloc(count, sizeof *times);
    const double cpu_before = cpu();
    for (size_t i = 0; i < count; i++) {
        const double start = now();
        client_free(client_new(&target));
        times[i] = now() - start;
    }
    print_times(times, count, (cpu() - cpu_before) / (double)count);
    free(times);
}

static void cold(size_t count, int connected)
{
    double *times = calloc(count, sizeof *times);
    const double cpu_before = cpu();
    for (size_t i = 0; i < count; i++) {
        double start = now();
        struct client *client = client_new(&target);
        if (connected) {
            if (!client_connect(client)) {
                fputs("cannot connect ahead of need\n", stderr);
                exit(3);
            }
            start = now();
        }
        check(client);
        times[i] = now() - start;
        client_free(client);
    }
    print_times(times, count, (cpu() - cpu_before) / (double)count);
    free(times);
}

static void warm(size_t count)
{
    double *times = calloc(count, sizeof *times);
    struct client *client = client_new(&target);
    for (size_t i = 0; i < count / 10 + 1; i++)
        check(client);
    const double cpu_before = cpu();
    for (size_t i = 0; i < count; i++) {
        const double start = now();
        check(client);
        times[i] = now() - start;
    }
    print_times(times, count, (cpu() - cpu_before) / (double)count);
    client_free(client);
    free(times);
}

static void wire(size_t count)
{
    struct client *client = client_new(&target);
    check(client);
    const struct traffic before = traffic_now();
    for (size_t i = 0; i < count; i++)
        check(client);
    const struct traffic after = traffic_now();
    printf("{\"sent\": %.1f, \"received\": %.1f, \"segments\": %.2f}\n", (after.sent - before.sent) / (double)count,
           (after.received - before.received) / (double)count, (after.segments - before.segments) / (double)count);
    client_free(client);
}

static void memory(void)
{
    struct client *client = client_new(&target);
    check(client);
    const struct held held = held_now();
    printf("{\"resident\": %lu, \"dirty\": %lu}\n", held.resident, held.dirty);
    client_free(client);
}

struct worker {
    pthread_t thread;
    pthread_barrier_t *barrier;
    struct client *client;
    double seconds;
    uint64_t checks;
};

static void *work(void *data)
{
    struct worker *worker = data;
    check(worker->client);
    pthread_barrier_wait(worker->barrier);
    const double end = now() + worker->seconds * 1e6;
    while (now() < end) {
        check(worker->client);
        worker->checks++;
    }
    return NULL;
}

static void threads(unsigned count, double seconds)
{
    struct worker *workers = calloc(count, sizeof *workers);
    struct client *first = client_new(&target);
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, count + 1);
    for (unsigned i = 0; i < count; i++) {
        workers[i].barrier = &barrier;
        workers[i].seconds = seconds;
        workers[i].client = i == 0 ? first : client_for_thread(first, &target);
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            exit(1);
    }
    pthread_barrier_wait(&barrier);
    const double start = now(), cpu_before = cpu();
    uint64_t checks = 0;
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        checks += workers[i].checks;
    }
    printf("{\"rate\": %.0f, \"cpu\": %.2f}\n", (double)checks / (now() - start) * 1e6,
           (cpu() - cpu_before) / (double)checks);
    for (unsigned i = 1; i < count; i++)
        if (workers[i].client != first)
            client_free(workers[i].client);
    client_free(first);
    pthread_barrier_destroy(&barrier);
    free(workers);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "verdict";
    const double number = argc > 2 ? atof(argv[2]) : 1;
    target = (struct target){
        .url = setting("BENCH_URL"),         .ca_file = setting("BENCH_CA_FILE"),
        .api = setting("BENCH_API"),         .api_key = setting("BENCH_API_KEY"),
        .device = setting("BENCH_DEVICE"),   .public_keys = setting("BENCH_PUBLIC_KEYS"),
        .product = setting("BENCH_PRODUCT"), .license_key = setting("BENCH_LICENSE_KEY"),
        .key_id = setting("BENCH_KEY_ID"),
    };
    if (strcmp(command, "verdict") == 0) {
        struct client *client = client_new(&target);
        check(client);
        client_free(client);
    } else if (strcmp(command, "first") == 0)
        cold(1, 0);
    else if (strcmp(command, "create") == 0)
        create((size_t)number);
    else if (strcmp(command, "cold") == 0)
        cold((size_t)number, 0);
    else if (strcmp(command, "connected") == 0)
        cold((size_t)number, 1);
    else if (strcmp(command, "warm") == 0)
        warm((size_t)number);
    else if (strcmp(command, "wire") == 0)
        wire((size_t)number);
    else if (strcmp(command, "memory") == 0)
        memory();
    else if (strcmp(command, "threads") == 0 && argc > 3)
        threads((unsigned)number, atof(argv[3]));
    else
        return 2;
    return 0;
}
