-- read_header.lua HEADER LIBRARY NAME... NAME=NUMBER...: fails unless the header declares all of these.
local ffi = require("ffi")
ffi.cdef(assert(io.open(arg[1])):read("*a"))
local library = ffi.load(arg[2])
for i = 3, #arg do
  local name, number = arg[i]:match("^([%w_]+)=?(.*)$")
  local found = library[name] -- fails if it is not declared, or not in the library
  assert(number == "" or found == tonumber(number), arg[i])
end
