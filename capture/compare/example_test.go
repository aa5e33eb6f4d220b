package compare_test

import (
	"context"
	"fmt"

	"hookglass/capture"
	"hookglass/capture/compare"
)

func Example() {
	before := &capture.Exchange{Request: capture.Request{Method: "POST", Target: "/klix", Body: []byte(`{"id":7,"status":"queued"}`)}}
	after := &capture.Exchange{Request: capture.Request{Method: "POST", Target: "/klix", Body: []byte(`{"status":"paid","id":7}`)}}
	c, err := compare.Exchanges(context.Background(), before, after, compare.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range c.Request.Body.Lines {
		fmt.Println(line.Kind, line.Path, line.A, line.B)
	}
	fmt.Println(c.Request.Body.Notes)
	// Output:
	// same $ { {
	// same $.id   "id": 7,   "id": 7,
	// changed $.status   "status": "queued"   "status": "paid"
	// same $ } }
	// [the keys of one object stand in another order]
}
