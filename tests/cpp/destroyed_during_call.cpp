// A Client is destroyed, moved or assigned to while calls are in flight: they end as if it had not been.
// Argument: how many calls.

#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

extern "C" {
#include "../c/peer.h"
}
#include "whop_license.hpp"

using whop::Client;

static std::unique_ptr<Client> new_client(const char *base_url, const char *product_id) {
    auto client = std::make_unique<Client>("apik_destroyed");
    client->set_base_url(base_url).set_product_id(product_id);
    CHECK(client->ok());
    return client;
}

static void race(int listener, const char *base_url, int number) {
    const char *const json = number % 3 == 0
                                 ? "{\"id\":\"mem_1\",\"product\":\"prod_1\",\"valid\":false,\"status\":\"expired\"}"
                                 : "{\"id\":\"mem_1\",\"product\":\"prod_1\",\"valid\":true,\"status\":\"active\"}";
    const whop::Status expected = number % 3 == 0 ? whop::Status::license_inactive : whop::Status::ok;
    auto client = new_client(base_url, "prod_1");
    std::thread caller([&called = *client, expected] {
        const whop::Response response = called.validate_license("K", "{\"hwid\":\"destroyed\"}");
        CHECK(response.status() == expected);
        CHECK(response.string("/id") == "mem_1");
    });
    const int connection = peer_receive(listener);
    if (number % 4 == 0)
        client.reset();
    else if (number % 4 == 1)
        *client = Client("apik_assigned");
    else if (number % 4 == 2)
        Client(std::move(*client));
    const auto other = new_client("https://other.example/api", "prod_other"); // takes the memory that is free now
    peer_answer_head(connection, json);
    peer_send(connection, json);
    client.reset(); // while the answer is judged
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
