/* whop_license.h without preprocessor lines, for foreign-function interfaces that read C declarations (LuaJIT, cffi).
 * What each line means stands there. Generated from it by scripts/generate.py: edit src/ffi, then `make generate`. */

typedef struct whop_call whop_call;
typedef struct whop_client whop_client;
typedef struct whop_response whop_response;
typedef int32_t whop_status;

enum {
    WHOP_ALLOWED = 1,
    WHOP_DENIED = 0,
    WHOP_UNDETERMINED = -1,
};

enum {
    WHOP_API_CURRENT = 1,
    WHOP_API_V2 = 2,
};

enum {
    WHOP_OK = 0,
    WHOP_LICENSE_NOT_FOUND = 100,
    WHOP_LICENSE_INACTIVE = 101,
    WHOP_DEVICE_MISMATCH = 102,
    WHOP_PRODUCT_MISMATCH = 103,
    WHOP_INVALID_ARGUMENT = 200,
    WHOP_UNAUTHORIZED = 201,
    WHOP_FORBIDDEN = 202,
    WHOP_REJECTED = 203,
    WHOP_UNREACHABLE = 300,
    WHOP_NO_ANSWER = 301,
    WHOP_RATE_LIMITED = 302,
    WHOP_SERVER_ERROR = 303,
    WHOP_BAD_RESPONSE = 304,
    WHOP_NO_DEVICE_ID = 305,
    WHOP_UNTRUSTED = 306,
    WHOP_PENDING = 307,
    WHOP_CANCELED = 308,
    WHOP_INTERNAL_ERROR = 900,
};

int32_t whop_status_verdict(int32_t status);
const char *whop_status_name(int32_t status);
const char *whop_status_message(int32_t status);
const char *whop_version(void);
whop_status whop_validate_license(
    const char *api_key, const char *license_key, const char *metadata_json, whop_response **response);
whop_status whop_client_validate_license(
    const whop_client *client, const char *license_key, const char *metadata_json, whop_response **response);
whop_status whop_client_reset_license(const whop_client *client, const char *license_key, whop_response **response);
whop_status whop_client_start_validate_license(
    const whop_client *client, const char *license_key, const char *metadata_json, whop_call **call);
int32_t whop_call_is_done(const whop_call *call);
int32_t whop_call_wait(const whop_call *call, uint32_t timeout_ms);
whop_status whop_call_result(const whop_call *call, whop_response **response);
void whop_call_cancel(const whop_call *call);
void whop_call_free(whop_call *call);
int32_t whop_client_wait_any(const whop_client *client, uint32_t timeout_ms);
whop_status whop_create_plan(const char *api_key, const char *plan_json, whop_response **response);
whop_status whop_client_create_plan(const whop_client *client, const char *plan_json, whop_response **response);
whop_status whop_client_new(const char *api_key, whop_client **client);
whop_status whop_client_new_relay(const char *relay_url, const char *public_keys, whop_client **client);
const char *whop_client_message(const whop_client *client);
const char *whop_client_device_id(const whop_client *client);
whop_status whop_client_connect(const whop_client *client);
void whop_client_cancel_all(const whop_client *client);
void whop_client_free(whop_client *client);
whop_status whop_client_set_api(whop_client *client, int32_t api);
whop_status whop_client_set_api_version_date(whop_client *client, const char *date);
whop_status whop_client_set_allow_past_due(whop_client *client, int32_t allow);
whop_status whop_client_set_product_id(whop_client *client, const char *product_id);
whop_status whop_client_set_device_id(whop_client *client, const char *device_id);
whop_status whop_client_set_metadata_key(whop_client *client, const char *metadata_key);
whop_status whop_client_set_timeout_ms(whop_client *client, uint32_t whole_call);
whop_status whop_client_set_max_retries(whop_client *client, uint32_t retries);
whop_status whop_client_set_expand(whop_client *client, const char *comma_separated);
whop_status whop_client_set_base_url(whop_client *client, const char *url);
whop_status whop_client_set_allow_sandbox(whop_client *client, int32_t allow);
whop_status whop_client_set_lease_file(whop_client *client, const char *path);
whop_status whop_client_set_ca_file(whop_client *client, const char *pem_path);
whop_status whop_client_set_proxy(whop_client *client, const char *url_or_empty);
whop_status whop_client_set_allow_unknown_plan_fields(whop_client *client, int32_t allow);
const char *whop_response_json(const whop_response *response);
const char *whop_response_message(const whop_response *response);
int32_t whop_response_http_status(const whop_response *response);
int64_t whop_response_retry_after_ms(const whop_response *response);
int32_t whop_response_is_offline(const whop_response *response);
const char *whop_response_membership_id(const whop_response *response);
const char *whop_response_license_status(const whop_response *response);
const char *whop_response_product_id(const whop_response *response);
const char *whop_response_plan_id(const whop_response *response);
int32_t whop_response_expires_at(const whop_response *response, int64_t *unix_seconds);
const char *whop_response_string(const whop_response *response, const char *pointer);
int32_t whop_response_integer(const whop_response *response, const char *pointer, int64_t *value);
int32_t whop_response_number(const whop_response *response, const char *pointer, double *value);
int32_t whop_response_boolean(const whop_response *response, const char *pointer, int32_t *value);
int64_t whop_response_count(const whop_response *response, const char *pointer);
const char *whop_response_text(const whop_response *response, const char *pointer);
void whop_response_free(whop_response *response);
