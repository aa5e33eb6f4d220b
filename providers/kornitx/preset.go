package kornitx

import (
	"hookglass/capture"
	"hookglass/providers"
)

// again is documented for status callbacks; nobody says it of the order push.
const again = "KornitX sends a status callback again: at most 5 times, 2 hours apart. Of an order push it is not documented."

var presets = []capture.Preset{
	providers.StatusPreset(200, "done", "KornitX takes it as delivered and does not send it again."),
	providers.StatusPreset(204, "done, without content", "Only 200 is documented as success: what KornitX makes of another 2xx is not."),
	providers.StatusPreset(400, "refused", again),
	providers.StatusPreset(401, "the proof is wrong", again),
	providers.StatusPreset(404, "not found", again),
	providers.StatusPreset(500, "our mistake", again),
	providers.StatusPreset(503, "busy, later", again),
}
