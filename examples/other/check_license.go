// Go: go run check_license.go RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
// The header and the library are found where the C compiler looks (C_INCLUDE_PATH, LIBRARY_PATH).
package main

// #cgo LDFLAGS: -lwhop_license
// #include <whop_license.h>
import "C"
import "fmt"
import "os"
import "unsafe"

func check(given []string) int {
	relayURL, publicKeys, licenseKey, deviceID := given[0], given[1], given[2], given[3]
	text := func(s string) *C.char { return (*C.char)(unsafe.Pointer(&append([]byte(s), 0)[0])) } // copied by each call
	var client *C.whop_client
	var response *C.whop_response
	defer func() { C.whop_response_free(response); C.whop_client_free(client) }()
	// One status is enough: a client that was refused a setting answers with that.
	C.whop_client_new_relay(text(relayURL), text(publicKeys), &client)
	C.whop_client_set_product_id(client, text("prod_sandbox"))  // your product's id
	C.whop_client_set_lease_file(client, text("license.lease")) // choose a file in the user's own folder
	if deviceID != "" {
		C.whop_client_set_device_id(client, text(deviceID))
	}
	status := C.whop_client_validate_license(client, text(licenseKey), nil, &response)
	reason := C.GoString(C.whop_status_name(status)) + ": " + C.GoString(C.whop_response_message(response))
	switch C.whop_status_verdict(status) {
	case C.WHOP_ALLOWED:
		fmt.Println([]string{"allowed", "allowed offline"}[C.whop_response_is_offline(response)])
	case C.WHOP_DENIED:
		fmt.Println("denied: " + reason)
	default: // neither yes nor no: show why, and offer to try again
		fmt.Println("cannot tell: " + reason)
	}
	return int(1 - C.whop_status_verdict(status)) // 0, 1, 2
}

func main() { os.Exit(check(append(os.Args[1:], "", "", "", ""))) } // what is missing is refused by the library
