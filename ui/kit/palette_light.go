package kit

// lightPalette is the look for bright rooms: white under what is read, a breath
// of grey around it, soft lines; text and hues are dark enough for both.
var lightPalette = palette{
	ColorGround: rgb(0xFFFFFF), ColorPanel: rgb(0xF7F8FA), ColorRaised: rgb(0xFFFFFF),
	ColorSelected: rgb(0xE5EAF3), ColorLine: rgb(0xE4E8EE), ColorOutline: rgb(0xD3D9E2),
	ColorChip: rgb(0xEAEEF4), ColorHover: alpha(0x1B2330, 4), ColorTint: rgb(0xE6EEFD), ColorVeil: alpha(0x1B2330, 24),

	ColorText: rgb(0x1B2330), ColorSecondary: rgb(0x47536A), ColorMuted: rgb(0x586478),
	ColorAccent: rgb(0x1E54B6), ColorFilled: rgb(0x2F6BD6), ColorFilledHot: rgb(0x245CC0), ColorOnFilled: rgb(0xFFFFFF),
	ColorGood: rgb(0x086848), ColorWarn: rgb(0x7F4E00), ColorBad: rgb(0xAC1F2D),

	ColorHue1: rgb(0x6650EA), ColorHue2: rgb(0x138FB6), ColorHue3: rgb(0x4E6F08),
	ColorHue4: rgb(0xB37B00), ColorHue5: rgb(0xC54550), ColorHue6: rgb(0x6B7380),

	ColorGET: rgb(0x08618A), ColorPOST: rgb(0x086848), ColorPUT: rgb(0x7F4E00),
	ColorPATCH: rgb(0x6A41C8), ColorDELETE: rgb(0xAC1F2D),

	ColorKey: rgb(0x1F57B5), ColorString: rgb(0x3D6B12), ColorNumber: rgb(0x8F4908),
	ColorLiteral: rgb(0x8331B5), ColorPunctuation: rgb(0x566175), ColorComment: rgb(0x566175),
	ColorLineNumber: rgb(0x6B7688), ColorCurrentLine: alpha(0x1B2330, 3), ColorGuide: rgb(0xE8EBF0),
	ColorSelectionText: alpha(0x2F6BD6, 16), ColorMatch: alpha(0xE0A33E, 24), ColorMatchCurrent: alpha(0xE0A33E, 40),
}
