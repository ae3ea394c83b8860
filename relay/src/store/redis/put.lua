-- Keeps what Whop said of a license, unless what is there was asked later. Without a text: drops what is there, and what
-- was asked until now. KEYS: the license. ARGV: what to keep or '', milliseconds.
local function stamp(kept) return tonumber(string.match(kept, '^%x*:(%d+):')) or 0 end
local new = ARGV[1]
if new == '' then
  local time = redis.call('TIME')
  new = ':' .. string.format('%.0f', time[1] * 1000000 + time[2]) .. ':'
end
local old = redis.call('GET', KEYS[1])
if old and stamp(old) >= stamp(new) then return 0 end
redis.call('SET', KEYS[1], new, 'PX', ARGV[2])
return 1
