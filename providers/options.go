package providers

import "hookglass/capture"

const allowedMethods = "GET, HEAD, POST, PUT, OPTIONS"

// OptionsAnswer is the answer to an OPTIONS request. The methods stand in Allow
// and in Access-Control-Allow-Methods: Klix's connection test has looked for
// either, depending on its age.
func OptionsAnswer(by capture.By, preset string) capture.Response {
	return capture.Response{
		Status: 200, By: by, Preset: preset,
		Header: capture.Fields{
			{Name: "Allow", Value: allowedMethods},
			{Name: "Access-Control-Allow-Methods", Value: allowedMethods},
		},
	}
}
