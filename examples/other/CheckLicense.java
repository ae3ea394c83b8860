// Java with JNA: java -cp jna.jar CheckLicense.java RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
// The library is found where the system's loader looks (LD_LIBRARY_PATH), or in the folder of -Djna.library.path.
import com.sun.jna.*;
public class CheckLicense {
    public interface Whop extends Library {
        int whop_client_new_relay(String relayUrl, String publicKeys, Pointer[] client);
        int whop_client_set_product_id(Pointer client, String productId);
        int whop_client_set_lease_file(Pointer client, String path);
        int whop_client_set_device_id(Pointer client, String deviceId);
        int whop_client_validate_license(Pointer client, String licenseKey, String metadata, Pointer[] response);
        int whop_status_verdict(int status);
        String whop_status_name(int status);
        String whop_response_message(Pointer response);
        int whop_response_is_offline(Pointer response);
        void whop_response_free(Pointer response);
        void whop_client_free(Pointer client);
    }
    public static void main(String[] arguments) {
        String[] given = java.util.Arrays.copyOf(arguments, 4); // what is missing is null, which the library refuses
        Whop whop = Native.load("whop_license", Whop.class, java.util.Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
        Pointer[] client = {null}, response = {null};
        int verdict;
        try { // One status is enough: a client that was refused a setting answers with that.
            whop.whop_client_new_relay(given[0], given[1], client);
            whop.whop_client_set_product_id(client[0], "prod_sandbox"); // your product's id
            whop.whop_client_set_lease_file(client[0], "license.lease"); // choose a file in the user's own folder
            if (given[3] != null) whop.whop_client_set_device_id(client[0], given[3]);
            int status = whop.whop_client_validate_license(client[0], given[2], null, response);
            verdict = whop.whop_status_verdict(status); // 1: allowed, 0: denied, -1: neither
            String allowed = whop.whop_response_is_offline(response[0]) == 1 ? "allowed offline" : "allowed";
            String reason = whop.whop_status_name(status) + ": " + whop.whop_response_message(response[0]);
            System.out.println(verdict == 1 ? allowed : (verdict == 0 ? "denied: " : "cannot tell: ") + reason);
        } finally {
            whop.whop_response_free(response[0]);
            whop.whop_client_free(client[0]);
        }
        System.exit(1 - verdict); // 0, 1, 2
    }
}
