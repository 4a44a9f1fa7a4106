-- mod_loopback.lua - where other domains are: a table instead of the DNS.
--
--	loopback_domains = { ["home.test"] = 25269 }
--
-- Each is at that port of 127.0.0.1; there are no others, and nobody is asked.
module:set_global();

local manual = require "net.resolvers.manual";
local service = require "net.resolvers.service";

function service.new(domain, _, kind, extra)
	local port = module:get_option("loopback_domains", {})[domain];
	local place = port and { { kind or "tcp", "127.0.0.1", port, extra } };
	return manual.new(place or {}, kind, extra);
end
