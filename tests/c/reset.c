/* A device is freed, and all other metadata stays: or, if the call is cut off between its requests, is handed back. */
#define _POSIX_C_SOURCE 200809L
#include "script.h"
#include "whop_license.h"

#define MEMBERSHIP(metadata) "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":" metadata "}"
#define UNBOUND MEMBERSHIP("{}")
#define BOUND MEMBERSHIP("{\"hwid\":\"laptop\"}")
#define WITH_A_NOTE MEMBERSHIP("{\"note\":\"n\"}")
#define BOUND_WITH_A_NOTE MEMBERSHIP("{\"hwid\":\"laptop\",\"note\":\"n\"}")
#define FORBIDDEN {403, "{\"error\":{\"message\":\"no\"}}"}
#define NOT_FOUND {404, "{\"error\":{\"message\":\"Membership not found\"}}"}
#define LOST {0, ""}

static const struct {
    int32_t api;
    struct answer answers[MOST_ANSWERS];
    whop_status status;
    const char *words; /* in the message */
    const char *json;
    const char *last_body;
} cases[] = {
    {WHOP_API_CURRENT, {{200, BOUND}, {200, UNBOUND}}, WHOP_OK, "is free", UNBOUND, "{\"metadata\":{}}"},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, {200, WITH_A_NOTE}},
     WHOP_OK, "is free", WITH_A_NOTE, "{\"metadata\":{\"note\":\"n\"}}"},
    {WHOP_API_CURRENT, {{200, WITH_A_NOTE}}, WHOP_OK, "is free", WITH_A_NOTE, ""},
    {WHOP_API_CURRENT, {NOT_FOUND, {200, "{\"data\":[{\"id\":\"mem_2\"}]}"}},
     WHOP_LICENSE_NOT_FOUND, "no such license", "{\"error\":{\"message\":\"Membership not found\"}}", ""},
    {WHOP_API_CURRENT, {{200, BOUND}, FORBIDDEN},
     WHOP_FORBIDDEN, "member:manage", "{\"error\":{\"message\":\"no\"}}", "{\"metadata\":{}}"},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, FORBIDDEN},
     WHOP_FORBIDDEN, "member:manage", "{\"error\":{\"message\":\"no\"}}", "{\"metadata\":{}}"},
    {WHOP_API_CURRENT, {LOST}, WHOP_NO_ANSWER, "", NULL, ""},
    {WHOP_API_CURRENT, {{200, BOUND}, LOST}, WHOP_NO_ANSWER, "whether it took effect is not known", NULL, ""},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, LOST, LOST},
     WHOP_NO_ANSWER, "as it was before", BOUND_WITH_A_NOTE, ""},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, LOST, {200, WITH_A_NOTE}}, WHOP_OK, "is free", WITH_A_NOTE, ""},
    {WHOP_API_CURRENT, {{200, BOUND}, {200, BOUND}}, WHOP_BAD_RESPONSE, "still stored", BOUND, ""},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, LOST},
     WHOP_NO_ANSWER, "as it was before", BOUND_WITH_A_NOTE, "{\"metadata\":{\"note\":\"n\"}}"},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, {500, "{}"}},
     WHOP_NO_ANSWER, "as it was before", BOUND_WITH_A_NOTE, ""},
    {WHOP_API_CURRENT, {{200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, FORBIDDEN},
     WHOP_NO_ANSWER, "as it was before", BOUND_WITH_A_NOTE, ""},

    {WHOP_API_V2, {{200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, {200, WITH_A_NOTE}},
     WHOP_OK, "is free", WITH_A_NOTE, "{\"metadata\":{\"note\":\"n\"}}"},
    {WHOP_API_V2, {{200, WITH_A_NOTE}}, WHOP_OK, "is free", WITH_A_NOTE, ""},
    {WHOP_API_V2, {NOT_FOUND},
     WHOP_LICENSE_NOT_FOUND, "no such license", "{\"error\":{\"message\":\"Membership not found\"}}", ""},
    {WHOP_API_V2, {{200, BOUND}, FORBIDDEN}, WHOP_FORBIDDEN, "", "{\"error\":{\"message\":\"no\"}}", ""},
    {WHOP_API_V2, {{200, BOUND}, LOST}, WHOP_NO_ANSWER, "whether it took effect is not known", NULL, ""},
    {WHOP_API_V2, {{200, BOUND_WITH_A_NOTE}, LOST, LOST}, WHOP_NO_ANSWER, "as it was before", BOUND_WITH_A_NOTE, ""},
};

static whop_client *new_client(int32_t api)
{
    whop_client *client = NULL;
    CHECK(whop_client_new("apik_reset", &client) == WHOP_OK);
    CHECK(whop_client_set_api(client, api) == WHOP_OK);
    CHECK(whop_client_set_base_url(client, script.base_url) == WHOP_OK);
    return client;
}

static void check_case(int i)
{
    whop_client *client = new_client(cases[i].api);
    whop_response *response = NULL;
    CHECK(whop_client_set_max_retries(client, 0) == WHOP_OK);
    script_begin(cases[i].answers);
    const whop_status status = whop_client_reset_license(client, " K\n", &response);
    script_end();
    whop_client_free(client);

    printf("%d: %s: %s\n", i, whop_status_name(status), whop_response_message(response));
    CHECK(status == cases[i].status);
    CHECK(strstr(whop_response_message(response), cases[i].words) != NULL);
    const char *json = whop_response_json(response);
    CHECK(cases[i].json == NULL ? json == NULL : strcmp(json, cases[i].json) == 0);
    CHECK(script_was_asked(script.count - 1, "", cases[i].last_body));
    whop_response_free(response);
}

static void another_metadata_key_is_another_device(void)
{
    static const struct answer answers[] = {{200, MEMBERSHIP("{\"HWID\":\"laptop\",\"hwid\":\"mine\"}")},
                                            {200, UNBOUND},
                                            {200, MEMBERSHIP("{\"hwid\":\"mine\"}")},
                                            {0, NULL}};
    whop_client *client = new_client(WHOP_API_CURRENT);
    CHECK(whop_client_set_metadata_key(client, "HWID") == WHOP_OK);
    script_begin(answers);
    CHECK(whop_client_reset_license(client, "K", NULL) == WHOP_OK);
    script_end();
    CHECK(script_was_asked(2, "PATCH /api/v1/memberships/K ", "{\"metadata\":{\"hwid\":\"mine\"}}"));
    whop_client_free(client);
}

static void lost_write_back_is_repeated(void)
{
    static const struct answer answers[] = {
        {200, BOUND_WITH_A_NOTE}, {200, UNBOUND}, LOST, {200, WITH_A_NOTE}, {0, NULL}};
    whop_client *client = new_client(WHOP_API_CURRENT);
    script_begin(answers);
    CHECK(whop_client_reset_license(client, "K", NULL) == WHOP_OK);
    script_end();
    CHECK(strcmp(strstr(script.requests[2], "{"), strstr(script.requests[3], "{")) == 0);
    whop_client_free(client);
}

int main(void)
{
    alarm(60);
    script_listen();
    for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++)
        check_case(i);
    another_metadata_key_is_another_device();
    lost_write_back_is_repeated();
    return 0;
}
