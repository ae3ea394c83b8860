// Says all that can be said of a validation, a creation and a reset, but for the JSON, which is for the caller alone.
// Arguments: "current", "v2" or "relay", API key or public keys, URL, proxy, license key, metadata, plan; "-" for none.

#include "whop_license.hpp"

#include <iostream>

static const char *given(const char *argument) { return std::string_view(argument) == "-" ? nullptr : argument; }

static void tell(const whop::Response &response) {
    const whop::Status status = response.status();
    std::cout << "status " << static_cast<std::int32_t>(status) << '\n'
              << name(status) << ": " << message(status) << '\n'
              << response.message() << '\n'
              << response.http_status() << '\n';
    for (const auto &text :
         {response.membership_id(), response.license_status(), response.product_id(), response.plan_id()})
        std::cout << text.value_or("none") << '\n';
}

int main(int argc, char **argv) {
    if (argc != 8)
        return 2;
    const std::string_view way = argv[1];
    whop::Client client = way == "relay" ? whop::Client::relay(argv[3], argv[2]) : whop::Client(argv[2]);
    if (way != "relay")
        client.set_api(way == "v2" ? whop::Api::v2 : whop::Api::current).set_base_url(argv[3]);
    client.set_product_id("prod_1").set_max_retries(0);
    if (given(argv[4]) != nullptr)
        client.set_proxy(argv[4]);

    tell(client.validate_license(argv[5], given(argv[6])));
    tell(client.create_plan(argv[7]));
    tell(client.reset_license(argv[5]));
    std::cout << client.message() << '\n';
}
