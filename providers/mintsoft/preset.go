package mintsoft

import (
	"hookglass/capture"
	"hookglass/providers"
)

const unknownRetry = "Retry policy unknown: Mintsoft does not document whether it sends again, so the callback may be lost."

var presets = []capture.Preset{
	providers.StatusPreset(200, "done", "That Mintsoft takes 200 as success is a guess; nothing is documented."),
	providers.StatusPreset(400, "refused", unknownRetry),
	providers.StatusPreset(401, "the proof is wrong", unknownRetry),
	providers.StatusPreset(404, "not found", unknownRetry),
	providers.StatusPreset(500, "our mistake", unknownRetry),
	providers.StatusPreset(503, "busy, later", unknownRetry),
}
