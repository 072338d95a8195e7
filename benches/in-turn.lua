-- For wrk: asks for the paths in a file, one after the other, and prints the outcome as JSON.

local paths = {}
local turn = 0

function init(arguments)
   for path in io.lines(arguments[1]) do
      paths[#paths + 1] = path
   end
end

function request()
   turn = turn % #paths + 1
   return wrk.format("GET", paths[turn])
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %.6f, "failed": %d, "median_ms": %.3f, "p99_ms": %.3f}\n',
      summary.requests, summary.duration / 1e6,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
