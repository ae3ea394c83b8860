// A Client is destroyed, moved or assigned to while calls are in flight, during any of their requests: they end as if it had
// not been.
// Argument: how many calls.

#include <cstdlib>
#include <iterator>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

extern "C" {
#include "../c/peer.h"
}
#include "whop_license.hpp"

using whop::Client;

static std::unique_ptr<Client> new_client(whop::Api api, const char *base_url, const char *product_id) {
    auto client = std::make_unique<Client>("apik_destroyed");
    client->set_api(api).set_base_url(base_url).set_product_id(product_id);
    CHECK(client->ok());
    return client;
}

// A call, and the answers to its requests.
struct Exchange {
    whop::Api api;
    whop::Status expected;
    std::vector<const char *> answers;
};

#define CURRENT(status, metadata)                                                                                      \
    R"({"id":"mem_1","license_key":"K","product_id":"prod_1","status":")" status R"(","metadata":)" metadata "}"
static const Exchange exchanges[] = {
    {whop::Api::v2, whop::Status::ok, {R"({"id":"mem_1","product":"prod_1","valid":true,"status":"active"})"}},
    {whop::Api::v2, whop::Status::license_inactive, {R"({"id":"mem_1","product":"prod_1","valid":false})"}},
    {whop::Api::current, whop::Status::license_inactive, {CURRENT("expired", "{}")}},
    {whop::Api::current,
     whop::Status::ok,
     {CURRENT("active", "{}"), CURRENT("active", R"({"hwid":"destroyed"})"),
      CURRENT("active", R"({"hwid":"destroyed"})")}},
};

static void race(int listener, const char *base_url, int number) {
    const Exchange &exchange = exchanges[number / 4 % std::size(exchanges)];
    auto client = new_client(exchange.api, base_url, "prod_1");
    std::thread caller([&called = *client, &exchange] {
        const whop::Response response = called.validate_license("K", R"({"hwid":"destroyed"})");
        CHECK(response.status() == exchange.expected);
        CHECK(response.membership_id() == "mem_1");
    });
    const std::size_t last = static_cast<std::size_t>(number) / 16 % exchange.answers.size();
    int connection = -1;
    for (std::size_t i = 0; i < exchange.answers.size(); i++) {
        connection = peer_receive_next(listener, connection);
        std::unique_ptr<Client> other;
        if (i == last) {
            if (number % 4 == 0)
                client.reset();
            else if (number % 4 == 1)
                *client = Client("apik_assigned");
            else if (number % 4 == 2)
                Client(std::move(*client));
            // Takes the memory that is free now.
            other = new_client(whop::Api::current, "https://other.example/api", "prod_other");
        }
        peer_answer(connection, 201, exchange.answers[i]);
        if (i == last)
            client.reset(); // while the answer is judged
    }
    caller.join();
    close(connection);
}

int main(int argc, char **argv) {
    char base_url[64];
    CHECK(argc == 2);
    const int listener = peer_listen(base_url, sizeof base_url);
    for (int i = 0; i < std::atoi(argv[1]); i++)
        race(listener, base_url, i);
    return 0;
}
