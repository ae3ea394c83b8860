// Prints the id of this device, or the status that it has none. Arguments: a product id or "-", and "-".

#include "whop_license.hpp"

#include <iostream>

int main(int argc, char **argv) {
    whop::Client client("key");
    if (argc == 3 && std::string_view(argv[1]) != "-")
        client.set_product_id(argv[1]);
    if (const auto id = client.device_id())
        std::cout << *id << '\n';
    else
        std::cout << name(client.validate_license("KEY").status()) << '\n';
}
