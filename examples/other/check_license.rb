# Ruby: ruby check_license.rb RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
# The library is found where the system's loader looks: its own folders and those in LD_LIBRARY_PATH.
require "fiddle/import"
module Whop
  extend Fiddle::Importer
  dlload "libwhop_license.#{RbConfig::CONFIG["SOEXT"]}"
  extern "int whop_client_new_relay(const char *, const char *, whop_client **)"
  extern "int whop_client_set_product_id(whop_client *, const char *)"
  extern "int whop_client_set_lease_file(whop_client *, const char *)"
  extern "int whop_client_set_device_id(whop_client *, const char *)"
  extern "int whop_client_validate_license(whop_client *, const char *, const char *, whop_response **)"
  extern "int whop_status_verdict(int)"
  extern "const char *whop_status_name(int)"
  extern "const char *whop_response_message(whop_response *)"
  extern "int whop_response_is_offline(whop_response *)"
  extern "void whop_response_free(whop_response *)"
  extern "void whop_client_free(whop_client *)"
end
relay_url, public_keys, license_key, device_id = ARGV
client, response = Array.new(2) { Fiddle::Pointer["\0" * Fiddle::SIZEOF_VOIDP] } # each has room for a pointer
begin
  # One status is enough: a client that was refused a setting answers with that.
  Whop.whop_client_new_relay(relay_url, public_keys, client)
  Whop.whop_client_set_product_id(client.ptr, "prod_sandbox") # your product's id
  Whop.whop_client_set_lease_file(client.ptr, "license.lease") # choose a file in the user's own folder
  Whop.whop_client_set_device_id(client.ptr, device_id) if device_id
  status = Whop.whop_client_validate_license(client.ptr, license_key, nil, response)
  reason = "#{Whop.whop_status_name(status)}: #{Whop.whop_response_message(response.ptr)}"
  case verdict = Whop.whop_status_verdict(status)
  when 1 then puts Whop.whop_response_is_offline(response.ptr) == 1 ? "allowed offline" : "allowed"
  when 0 then puts "denied: #{reason}"
  else puts "cannot tell: #{reason}" # neither yes nor no: show why, and offer to try again
  end
ensure
  Whop.whop_response_free(response.ptr)
  Whop.whop_client_free(client.ptr)
end
exit 1 - verdict # 0, 1, 2
