-- Locks a license. KEYS: the lock, its fence. ARGV: token, milliseconds, how long a fence is remembered.
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {'busy', tostring(redis.call('PTTL', KEYS[1])), '', ''}
end
local time = redis.call('TIME')
local fence = redis.call('GET', KEYS[2]) or '0'
-- Who does not unlock it may have it to its end.
local ends = time[1] * 1000000 + time[2] + ARGV[2] * 1000
redis.call('SET', KEYS[2], string.format('%.0f', ends), 'PX', ARGV[2] + ARGV[3])
local server = redis.call('INFO', 'server')
return {'locked', fence, string.match(server, 'run_id:(%w+)') or '', string.match(server, 'uptime_in_seconds:(%d+)') or '0'}
