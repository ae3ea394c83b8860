{ Free Pascal: fpc check_license.pas && ./check_license RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]
  The library is found where the linker looks (-FlFOLDER), and then where the system's loader does (LD_LIBRARY_PATH). }
{$mode objfpc}{$H+}
const
  Whop = 'whop_license';
function whop_client_new_relay(RelayUrl, PublicKeys: PChar; out Client: Pointer): Int32; cdecl; external Whop;
function whop_client_set_product_id(Client: Pointer; ProductId: PChar): Int32; cdecl; external Whop;
function whop_client_set_lease_file(Client: Pointer; Path: PChar): Int32; cdecl; external Whop;
function whop_client_set_device_id(Client: Pointer; DeviceId: PChar): Int32; cdecl; external Whop;
function whop_client_validate_license(Client: Pointer; Key, Metadata: PChar; out Response: Pointer): Int32;
  cdecl; external Whop;
function whop_status_verdict(Status: Int32): Int32; cdecl; external Whop;
function whop_status_name(Status: Int32): PChar; cdecl; external Whop;
function whop_response_message(Response: Pointer): PChar; cdecl; external Whop;
function whop_response_is_offline(Response: Pointer): Int32; cdecl; external Whop;
procedure whop_response_free(Response: Pointer); cdecl; external Whop;
procedure whop_client_free(Client: Pointer); cdecl; external Whop;
var
  Client, Response: Pointer;
  Status: Int32;
begin
  { One status is enough: a client that was refused a setting answers with that. }
  whop_client_new_relay(PChar(ParamStr(1)), PChar(ParamStr(2)), Client);
  whop_client_set_product_id(Client, 'prod_sandbox'); { your product's id }
  whop_client_set_lease_file(Client, 'license.lease'); { choose a file in the user's own folder }
  if ParamCount > 3 then whop_client_set_device_id(Client, PChar(ParamStr(4)));
  Status := whop_client_validate_license(Client, PChar(ParamStr(3)), nil, Response);
  case whop_status_verdict(Status) of
    1: if whop_response_is_offline(Response) = 1 then WriteLn('allowed offline') else WriteLn('allowed');
    0: WriteLn('denied: ', whop_status_name(Status), ': ', whop_response_message(Response));
  else { neither yes nor no: show why, and offer to try again }
    WriteLn('cannot tell: ', whop_status_name(Status), ': ', whop_response_message(Response));
  end;
  whop_response_free(Response);
  whop_client_free(Client);
  ExitCode := 1 - whop_status_verdict(Status); { 0, 1, 2 }
end.
