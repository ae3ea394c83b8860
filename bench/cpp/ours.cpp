// The library, as a C++ program uses it.
#include <iostream>
#include <string>

#include "../c/contender.h"
#include "whop_license.hpp"

struct client {
    whop::Client whop;
    std::string license_key, metadata;
};

struct client *client_new(const target *target) {
    const std::string url = target->url, api = target->api, device = target->device;
    if (api == "relay") {
        auto *made = new client{whop::Client::relay(url, target->public_keys), target->license_key, {}};
        made->whop.set_device_id(device).set_product_id(target->product).set_ca_file(target->ca_file);
        return made;
    }
    auto *made = new client{whop::Client(target->api_key), target->license_key, R"({"hwid":")" + device + "\"}"};
    made->whop.set_base_url(url + "/api").set_product_id(target->product).set_ca_file(target->ca_file);
    if (api == "v2")
        made->whop.set_api(whop::Api::v2);
    return made;
}

struct client *client_for_thread(client *first, const target *) { return first; }

int client_connect(client *) { return 0; }

int client_check(client *client) {
    const auto answer = client->metadata.empty() ? client->whop.validate_license(client->license_key)
                                                 : client->whop.validate_license(client->license_key, client->metadata);
    if (answer.verdict() == whop::Verdict::allowed)
        return 1;
    std::cerr << answer.message() << '\n';
    return 0;
}

void client_free(client *client) { delete client; }
