// Zig: zig run check_license.zig -lc -lwhop_license -- RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
// The library is found where the linker looks (-L FOLDER), and then where the system's loader does (LD_LIBRARY_PATH).
const Client = opaque {};
const Response = opaque {};
const Text = ?[*:0]const u8;
extern fn whop_client_new_relay(relay_url: Text, public_keys: Text, client: *?*Client) i32;
extern fn whop_client_set_product_id(client: ?*Client, product_id: Text) i32;
extern fn whop_client_set_lease_file(client: ?*Client, path: Text) i32;
extern fn whop_client_set_device_id(client: ?*Client, device_id: Text) i32;
extern fn whop_client_validate_license(client: ?*Client, license_key: Text, metadata: Text, response: *?*Response) i32;
extern fn whop_status_verdict(status: i32) i32;
extern fn whop_status_name(status: i32) Text;
extern fn whop_response_message(response: ?*Response) Text;
extern fn whop_response_is_offline(response: ?*Response) i32;
extern fn whop_response_free(response: ?*Response) void;
extern fn whop_client_free(client: ?*Client) void;

pub export fn main(count: c_int, arguments: [*]const Text) c_int {
    var given: [5]Text = @splat(null); // what is missing is refused by the library
    for (arguments[0..@intCast(count)], 0..) |argument, i| given[i] = argument;
    var client: ?*Client = null;
    defer whop_client_free(client);
    // One status is enough: a client that was refused a setting answers with that.
    _ = whop_client_new_relay(given[1], given[2], &client);
    _ = whop_client_set_product_id(client, "prod_sandbox"); // your product's id
    _ = whop_client_set_lease_file(client, "license.lease"); // choose a file in the user's own folder
    if (given[4] != null) _ = whop_client_set_device_id(client, given[4]);
    var response: ?*Response = null;
    defer whop_response_free(response);
    const status = whop_client_validate_license(client, given[3], null, &response);
    const verdict = whop_status_verdict(status);
    const said: [*:0]const u8 = switch (verdict) {
        1 => if (whop_response_is_offline(response) == 1) "allowed offline\n" else "allowed\n",
        0 => "denied: %s: %s\n",
        else => "cannot tell: %s: %s\n", // neither yes nor no: show why, and offer to try again
    };
    _ = @import("std").c.printf(said, whop_status_name(status), whop_response_message(response));
    return 1 - verdict; // 0, 1, 2
}
