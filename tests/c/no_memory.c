/* A host that has little memory left is told so, and goes on.
 * Arguments: the API, the base URL of a server whose answers allow, and take much memory; and that of one which takes much for
 * the last answer of a first use alone, or "-". */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "check.h"
#include "whop_license.h"

enum { LITTLE = 200 * 1024, LONG = 250 * 1024 };

/* What the C library's own are called. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static int is_scarce;

static int is_refused(size_t size)
{
    if (!is_scarce || size <= LITTLE)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return is_refused(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_refused(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return is_refused(size) ? NULL : __libc_realloc(block, size);
}

/* A JSON object of about that length. */
static const char *object(const char *field)
{
    static char text[LONG + 64];
    static char filler[LONG];
    memset(filler, 'x', sizeof filler - 1);
    snprintf(text, sizeof text, "{\"%s\":\"%s\"}", field, filler);
    return text;
}

/* Takes the response, and frees it. */
static void check(whop_status status, whop_status expected, whop_response *response, const char *words)
{
    printf("%s: %s\n", whop_status_name(status), whop_response_message(response));
    CHECK(status == expected);
    CHECK(strstr(whop_response_message(response), words) != NULL);
    whop_response_free(response);
}

static const char *const device = "{\"hwid\":\"no memory\"}";

/* The device is bound by then, which is no yes before it was read. */
static void check_last_answer_of_a_first_use(const char *base_url)
{
    whop_client *client = NULL;
    whop_response *response = NULL;
    CHECK(whop_client_new("apik_secret", &client) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, base_url) == WHOP_OK);
    is_scarce = 1;
    const whop_status status = whop_client_validate_license(client, "KEY", device, &response);
    is_scarce = 0;
    check(status, WHOP_NO_ANSWER, response, "memory");
    CHECK(whop_client_validate_license(client, "KEY", device, NULL) == WHOP_OK);
    whop_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_secret", &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, atoi(argv[1])) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, argv[2]) == WHOP_OK);

    whop_response *response = NULL;
    is_scarce = 1;
    whop_status status = whop_client_validate_license(client, "KEY", device, &response);
    check(status, WHOP_NO_ANSWER, response, "memory");
    status = whop_client_validate_license(client, "KEY", device, &response);
    check(status, WHOP_NO_ANSWER, response, "not enough memory for the answer");
    /* Most of it is not looked at, and nothing of it is copied. */
    status = whop_client_validate_license(client, object("x"), device, &response);
    check(status, WHOP_INVALID_ARGUMENT, response, "license_key: longer than 1024 bytes");
    status = whop_client_validate_license(client, "KEY", object("hwid"), &response);
    check(status, WHOP_INVALID_ARGUMENT, response, "metadata_json: not enough memory");
    status = whop_client_reset_license(client, object("x"), &response);
    check(status, WHOP_INVALID_ARGUMENT, response, "license_key: longer than 1024 bytes");
    status = whop_client_reset_license(client, "KEY", &response);
    check(status, WHOP_NO_ANSWER, response, "not enough memory for the answer");
    status = whop_client_create_plan(client, object("internal_notes"), &response);
    check(status, WHOP_INVALID_ARGUMENT, response, "plan_json: not enough memory");

    is_scarce = 0;
    CHECK(whop_client_validate_license(client, "KEY", device, &response) == WHOP_OK);
    is_scarce = 1;
    CHECK(strcmp(whop_response_membership_id(response), "mem_1") == 0); /* needs none, nor does the next */
    CHECK(strcmp(whop_response_string(response, "/id"), "mem_1") == 0);
    CHECK(whop_response_string(response, object("/") + 2) == NULL);
    CHECK(whop_response_text(response, "/id") == NULL);
    is_scarce = 0;
    CHECK(strcmp(whop_response_text(response, "/id"), "\"mem_1\"") == 0);
    is_scarce = 1;
    is_scarce = 0;
    whop_response_free(response);
    whop_client_free(client);
    if (strcmp(argv[3], "-") != 0)
        check_last_answer_of_a_first_use(argv[3]);
    return 0;
}
