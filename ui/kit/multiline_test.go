package kit

import "testing"

// TestTabLeavesAMultiline lets Tab go on to the next field.
func TestTabLeavesAMultiline(t *testing.T) {
	if newArea("", nil).AcceptsTab() {
		t.Error("Tab is typed into it")
	}
}
