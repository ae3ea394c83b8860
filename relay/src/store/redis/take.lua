-- Takes one request of what is left of Whop's limit. bucket.rs does the same.
-- KEYS: the bucket, the cooldown. ARGV: class, requests a second, most for leases, most for strangers, share of leases.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cooldown = redis.call('PTTL', KEYS[2])
if cooldown > 0 then return {'cooldown', string.format('%.0f', cooldown * 1000), '0'} end
local rate, most_l, most_s, share = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local kept = redis.call('HMGET', KEYS[1], 'leases', 'strangers', 'at')
local l, s, at = tonumber(kept[1]) or 1, tonumber(kept[2]) or 1, tonumber(kept[3]) or now
local come = math.max(now - at, 0) / 1000000 * rate
local l1, s1 = l + come * share, s + come * (1 - share)
l = math.min(l1 + math.max(s1 - most_s, 0), most_l)
s = math.min(s1 + math.max(l1 - most_l, 0), most_s)

local missing
if ARGV[1] == 'lease' then
  if l >= 1 then l = l - 1 else missing = (1 - l) / share end
elseif ARGV[1] == 'stranger' then
  if s >= 1 then s = s - 1
  elseif l >= most_l then missing = 1 - s
  else missing = (1 - s) / (1 - share) end
else
  if l + s >= 1 then
    local of_strangers = math.min(s, 1)
    s = s - of_strangers
    l = l - (1 - of_strangers)
  else missing = 1 - l - s end
end

redis.call('HSET', KEYS[1], 'leases', string.format('%.17g', l), 'strangers', string.format('%.17g', s),
  'at', string.format('%.0f', math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], 60000)
if missing then return {'wait', string.format('%.0f', math.ceil(missing / rate * 1000000)), '0'} end
return {'granted', string.format('%.0f', now), string.format('%.3f', l + s)}
