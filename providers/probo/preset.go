package probo

import (
	"hookglass/capture"
	"hookglass/providers"
)

const unknownRetry = "Retry policy unknown: Probo does not document whether it sends again, so the status may be lost; the next status comes all the same."

var presets = []capture.Preset{
	providers.StatusPreset(200, "done", "That Probo takes 200 as success is a guess; nothing is documented."),
	providers.StatusPreset(400, "refused", unknownRetry),
	providers.StatusPreset(404, "not found", unknownRetry),
	providers.StatusPreset(500, "our mistake", unknownRetry),
	providers.StatusPreset(503, "busy, later", unknownRetry),
}
