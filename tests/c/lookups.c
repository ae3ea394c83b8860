/* Name lookups that this program answers itself: how often they are asked for, and what becomes of those that hang.
 * Arguments: a CA file, and a port at which every host of "*.test" answers over TLS and allows. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "whop_license.h"

enum { MOST = 4, LATE = 20, PATIENT = 20000 };

/* What the lookups do. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int hangs, fails, leads_nowhere, asked, running;

static const char *ca_file, *port;

/* In place of the one of the C library. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)service, (void)hints;
    CHECK(strstr(node, ".test") != NULL); /* neither an address nor localhost is looked up */
    pthread_mutex_lock(&lock);
    asked++;
    running++;
    pthread_cond_broadcast(&changed);
    const int has_failed = fails;
    const in_addr_t address = INADDR_LOOPBACK + (leads_nowhere ? 9 : 0);
    while (hangs)
        pthread_cond_wait(&changed, &lock);
    running--;
    pthread_mutex_unlock(&lock);
    if (has_failed)
        return EAI_AGAIN;

    struct {
        struct addrinfo info;
        struct sockaddr_in address;
    } *one = calloc(1, sizeof *one);
    CHECK(one != NULL);
    one->address.sin_family = AF_INET;
    one->address.sin_addr.s_addr = htonl(address);
    one->info.ai_family = AF_INET;
    one->info.ai_socktype = SOCK_STREAM;
    one->info.ai_addr = (struct sockaddr *)&one->address;
    one->info.ai_addrlen = sizeof one->address;
    *found = &one->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info);
}

static void set(int *what, int value)
{
    pthread_mutex_lock(&lock);
    *what = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static int get(const int *what)
{
    pthread_mutex_lock(&lock);
    const int value = *what;
    pthread_mutex_unlock(&lock);
    return value;
}

static void await_running(int count)
{
    pthread_mutex_lock(&lock);
    while (running != count)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static int entries(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);
    CHECK(directory != NULL);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static int threads(void)
{
    return entries("/proc/self/task") - 2;
}

/* This one, and perhaps one of a sanitizer. */
static int own_threads;

/* A lookup counts as ended once its thread is gone. */
static void await_end_of_lookups(void)
{
    while (threads() > own_threads)
        usleep(1000);
}

static whop_client *client_of(const char *host, uint32_t timeout_ms)
{
    char url[128];
    snprintf(url, sizeof url, "https://%s:%s/api", host, port);
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_secret", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, url) == WHOP_OK);
    CHECK(whop_client_set_ca_file(client, ca_file) == WHOP_OK);
    CHECK(whop_client_set_timeout_ms(client, timeout_ms) == WHOP_OK);
    return client;
}

static whop_status check(const whop_client *client)
{
    return whop_client_validate_license(client, "KEY", "{\"hwid\":\"lookups\"}", NULL);
}

static whop_status check_once(const char *host, uint32_t timeout_ms)
{
    whop_client *client = client_of(host, timeout_ms);
    whop_response *response = NULL;
    const whop_status status = whop_client_validate_license(client, "KEY", "{\"hwid\":\"lookups\"}", &response);
    if (status == WHOP_UNREACHABLE && get(&hangs))
        CHECK(strstr(whop_response_message(response), "its name was not found within") != NULL);
    whop_response_free(response);
    whop_client_free(client);
    return status;
}

/* The thread of the last who checks patiently. */
static int patient;

static void *check_patiently(void *host)
{
    set(&patient, (int)syscall(SYS_gettid));
    CHECK(check_once(host, PATIENT) == WHOP_OK);
    return NULL;
}

/* Until that thread waits for something. */
static void await_patience(void)
{
    char path[64], state = 0;
    while (state != 'S') {
        usleep(1000);
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", get(&patient));
        FILE *stat = get(&patient) == 0 ? NULL : fopen(path, "r");
        if (stat == NULL)
            continue;
        CHECK(fscanf(stat, "%*d (%*[^)]) %c", &state) == 1);
        fclose(stat);
    }
}

static void open_connection_needs_no_name(void)
{
    whop_client *client = client_of("open.test", PATIENT);
    CHECK(check(client) == WHOP_OK);
    set(&fails, 1);
    await_end_of_lookups();
    for (int i = 0; i < 200; i++) {
        CHECK(check(client) == WHOP_OK);
        CHECK(threads() == own_threads);
    }
    set(&fails, 0);
    CHECK(get(&asked) == 1);
    whop_client_free(client);
    CHECK(check_once("open.test", PATIENT) == WHOP_OK);
    CHECK(get(&asked) == 2); /* what came in time is not kept */
}

static void equal_lookups_are_one_and_a_late_answer_counts(void)
{
    const int descriptors = entries("/proc/self/fd");
    set(&hangs, 1);
    set(&asked, 0);
    for (int i = 0; i < 50; i++) {
        CHECK(check_once("slow.test", LATE) == WHOP_UNREACHABLE);
        CHECK(threads() <= own_threads + 1);
    }
    CHECK(get(&asked) == 1);
    CHECK(entries("/proc/self/fd") == descriptors);

    set(&hangs, 0);
    await_end_of_lookups();
    set(&fails, 1);
    for (int i = 0; i < 3; i++)
        CHECK(check_once("slow.test", PATIENT) == WHOP_OK);
    CHECK(get(&asked) == 1);
    CHECK(check_once("other.test", PATIENT) == WHOP_UNREACHABLE);
    set(&fails, 0);
    CHECK(check_once("other.test", PATIENT) == WHOP_OK); /* a failure is not kept */
}

static void late_answer_that_leads_nowhere_is_dropped(void)
{
    set(&hangs, 1);
    set(&leads_nowhere, 1);
    set(&asked, 0);
    CHECK(check_once("gone.test", LATE) == WHOP_UNREACHABLE);
    set(&hangs, 0);
    await_end_of_lookups();
    set(&leads_nowhere, 0);
    CHECK(check_once("gone.test", PATIENT) == WHOP_OK); /* the retry asks again */
    CHECK(get(&asked) == 2);
}

/* ThreadSanitizer ends a forked child that starts a thread, unless it is told not to. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

static void at_most_four_run_and_a_fifth_waits(void)
{
    static char hosts[MOST + 1][16] = {"a.test", "b.test", "c.test", "d.test", "e.test"};
    set(&hangs, 1);
    set(&asked, 0);
    pthread_t callers[MOST + 1];
    for (int i = 0; i < MOST; i++)
        CHECK(pthread_create(&callers[i], NULL, check_patiently, hosts[i]) == 0);
    await_running(MOST);
    for (int i = 0; i < 20; i++) {
        const int64_t started = now_ms();
        CHECK(check_once("f.test", LATE) == WHOP_UNREACHABLE);
        CHECK(now_ms() - started >= LATE);
    }
    CHECK(get(&asked) == MOST);

    const pid_t child = fork(); /* starts with no lookup at all */
    CHECK(child >= 0);
    if (child == 0) {
        alarm(60);
        pthread_mutex_init(&lock, NULL);
        hangs = 0;
        CHECK(check_once("a.test", PATIENT) == WHOP_OK);
        raise(SIGKILL); /* at an exit, valgrind would miss what the threads of the parent had */
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

    set(&patient, 0);
    CHECK(pthread_create(&callers[MOST], NULL, check_patiently, hosts[MOST]) == 0);
    await_patience();
    set(&hangs, 0);
    for (int i = 0; i <= MOST; i++)
        CHECK(pthread_join(callers[i], NULL) == 0);
    CHECK(get(&asked) == MOST + 1);
}

/* A signal that the host waits for is not taken by a thread of the library. */
static void lookup_takes_no_signal(void)
{
    sigset_t one, before;
    int which = 0;
    set(&hangs, 1);
    CHECK(check_once("signal.test", LATE) == WHOP_UNREACHABLE);
    CHECK(sigemptyset(&one) == 0 && sigaddset(&one, SIGUSR1) == 0);
    CHECK(pthread_sigmask(SIG_BLOCK, &one, &before) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0); /* to the process: it would end one that does not wait for it */
    CHECK(sigwait(&one, &which) == 0 && which == SIGUSR1);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    set(&hangs, 0);
    await_end_of_lookups();
}

static void *do_nothing(void *nothing)
{
    return nothing;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    ca_file = argv[1];
    port = argv[2];
    alarm(300);
    pthread_t first; /* with which a sanitizer starts its own */
    CHECK(pthread_create(&first, NULL, do_nothing, NULL) == 0);
    CHECK(pthread_join(first, NULL) == 0);
    own_threads = threads();
    open_connection_needs_no_name();
    equal_lookups_are_one_and_a_late_answer_counts();
    late_answer_that_leads_nowhere_is_dropped();
    lookup_takes_no_signal();
    at_most_four_run_and_a_fifth_waits();
    return 0;
}
