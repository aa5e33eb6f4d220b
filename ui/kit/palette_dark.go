package kit

// darkPalette is the look for dark rooms: surfaces in steps from nearly black up,
// soft lines, and one accent.
var darkPalette = palette{
	ColorGround: rgb(0x0E1116), ColorPanel: rgb(0x14181F), ColorRaised: rgb(0x1B212B),
	ColorSelected: rgb(0x2A3341), ColorLine: rgb(0x232A35), ColorOutline: rgb(0x2C3542),
	ColorChip: rgb(0x202732), ColorHover: alpha(0xFFFFFF, 4), ColorTint: rgb(0x1D283C), ColorVeil: alpha(0x05070A, 50),

	ColorText: rgb(0xE6EAF2), ColorSecondary: rgb(0xA9B3C3), ColorMuted: rgb(0x919DB0),
	ColorAccent: rgb(0x7DA6F7), ColorFilled: rgb(0x3B6FD8), ColorFilledHot: rgb(0x3263C6), ColorOnFilled: rgb(0xFFFFFF),
	ColorGood: rgb(0x3FB68B), ColorWarn: rgb(0xE0A33E), ColorBad: rgb(0xF37F88),

	ColorHue1: rgb(0x8B7BFF), ColorHue2: rgb(0x46B7D1), ColorHue3: rgb(0x75CC8D),
	ColorHue4: rgb(0xF3BD3E), ColorHue5: rgb(0xEE7B51), ColorHue6: rgb(0x8390A3),

	ColorGET: rgb(0x4FB3D9), ColorPOST: rgb(0x3FB68B), ColorPUT: rgb(0xE0A33E),
	ColorPATCH: rgb(0xAD92F0), ColorDELETE: rgb(0xF37F88),

	ColorKey: rgb(0x7FB4F5), ColorString: rgb(0xA5D18A), ColorNumber: rgb(0xE2A76F),
	ColorLiteral: rgb(0xC792EA), ColorPunctuation: rgb(0x9CA7B9), ColorComment: rgb(0x9CA7B9),
	ColorLineNumber: rgb(0x727E92), ColorCurrentLine: alpha(0xFFFFFF, 3), ColorGuide: rgb(0x222934),
	ColorSelectionText: alpha(0x5B8DEF, 28), ColorMatch: alpha(0xE0A33E, 16), ColorMatchCurrent: alpha(0xE0A33E, 27),
}
