// Says all that can be said of a validation and of a creation, but for the JSON, which is for the caller alone.
// Arguments: API key, base URL, proxy, license key, metadata, plan; "-" for none.

#include "whop_license.hpp"

#include <iostream>

static const char *given(const char *argument) { return std::string_view(argument) == "-" ? nullptr : argument; }

static void tell(const whop::Response &response) {
    const whop::Status status = response.status();
    std::cout << "status " << static_cast<std::int32_t>(status) << '\n'
              << name(status) << ": " << message(status) << '\n'
              << response.message() << '\n'
              << response.http_status() << '\n';
}

int main(int argc, char **argv) {
    if (argc != 7)
        return 2;
    whop::Client client(argv[1]);
    client.set_product_id("prod_1").set_max_retries(0).set_base_url(argv[2]);
    if (given(argv[3]) != nullptr)
        client.set_proxy(argv[3]);

    tell(client.validate_license(argv[4], given(argv[5])));
    tell(client.create_plan(argv[6]));
    std::cout << client.message() << '\n';
}
