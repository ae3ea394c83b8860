// Node.js: npm install koffi && node check_license.js RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
// The library is found where the system's loader looks: its own folders and those in LD_LIBRARY_PATH.
const koffi = require("koffi");
const library = koffi.load(process.platform === "win32" ? "whop_license.dll" : "libwhop_license" + koffi.extension);
koffi.opaque("whop_client");
koffi.opaque("whop_response");
const newRelay = library.func("int32_t whop_client_new_relay(const char *, const char *, _Out_ whop_client **)");
const setProductId = library.func("int32_t whop_client_set_product_id(whop_client *, const char *)");
const setLeaseFile = library.func("int32_t whop_client_set_lease_file(whop_client *, const char *)");
const setDeviceId = library.func("int32_t whop_client_set_device_id(whop_client *, const char *)");
const validateLicense = library.func(
  "int32_t whop_client_validate_license(whop_client *, const char *, const char *, _Out_ whop_response **)");
const verdictOf = library.func("int32_t whop_status_verdict(int32_t)");
const nameOf = library.func("const char *whop_status_name(int32_t)");
const messageOf = library.func("const char *whop_response_message(whop_response *)");
const isOffline = library.func("int32_t whop_response_is_offline(whop_response *)");
const freeResponse = library.func("void whop_response_free(whop_response *)");
const freeClient = library.func("void whop_client_free(whop_client *)");

const [relayUrl, publicKeys, licenseKey, deviceId] = process.argv.slice(2);
const client = [null], response = [null];
try {
  // One status is enough: a client that was refused a setting answers with that.
  newRelay(relayUrl, publicKeys, client);
  setProductId(client[0], "prod_sandbox"); // your product's id
  setLeaseFile(client[0], "license.lease"); // choose a file in the user's own folder
  if (deviceId) setDeviceId(client[0], deviceId);
  const status = validateLicense(client[0], licenseKey, null, response);
  const verdict = verdictOf(status); // 1: allowed, 0: denied, -1: neither
  if (verdict === 1) console.log(isOffline(response[0]) ? "allowed offline" : "allowed");
  // "cannot tell": show why, and offer to try again.
  else console.log(`${verdict === 0 ? "denied" : "cannot tell"}: ${nameOf(status)}: ${messageOf(response[0])}`);
  process.exitCode = 1 - verdict; // 0, 1, 2
} finally {
  freeResponse(response[0]);
  freeClient(client[0]);
}
