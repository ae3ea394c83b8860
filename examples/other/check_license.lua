-- LuaJIT: luajit check_license.lua RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
-- The library is found where the system's loader looks (LD_LIBRARY_PATH), whop_license.ffi.h in the working directory.
local ffi = require("ffi")
ffi.cdef(assert(io.open("whop_license.ffi.h")):read("*a"))
local whop = ffi.load("whop_license")

local function check(relay_url, public_keys, license_key, device_id)
  local made, answered = ffi.new("whop_client *[1]"), ffi.new("whop_response *[1]")
  -- One status is enough: a client that was refused a setting answers with that.
  whop.whop_client_new_relay(relay_url, public_keys, made)
  local client = ffi.gc(made[0], whop.whop_client_free)
  whop.whop_client_set_product_id(client, "prod_sandbox") -- your product's id
  whop.whop_client_set_lease_file(client, "license.lease") -- choose a file in the user's own folder
  if device_id then whop.whop_client_set_device_id(client, device_id) end
  local status = whop.whop_client_validate_license(client, license_key, nil, answered)
  local response = ffi.gc(answered[0], whop.whop_response_free)

  local verdict = whop.whop_status_verdict(status)
  local reason = ffi.string(whop.whop_status_name(status)) .. ": " .. ffi.string(whop.whop_response_message(response))
  if verdict == whop.WHOP_ALLOWED then
    print(whop.whop_response_is_offline(response) == 1 and "allowed offline" or "allowed")
  elseif verdict == whop.WHOP_DENIED then
    print("denied: " .. reason)
  else
    print("cannot tell: " .. reason) -- neither yes nor no: show why, and offer to try again
  end
  return 1 - verdict -- 0, 1, 2
end

os.exit(check(...), true) -- true: what is left is freed
