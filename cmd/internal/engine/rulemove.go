package engine

import (
	"context"
	"errors"
	"slices"

	"hookglass/capture"
)

// errChoiceStays refuses to move the answer that was chosen for an endpoint.
var errChoiceStays = errors.New("this is the answer chosen for its endpoint: it comes after all rules")

// moveRule has a rule asked by places later, with changing held.
func (e *Engine) moveRule(ctx context.Context, id int64, by int) (int, error) {
	list := slices.DeleteFunc(e.rules.Load().List(), func(r capture.Rule) bool { return IsChoice(&r) && r.ID != id })
	at := slices.IndexFunc(list, func(r capture.Rule) bool { return r.ID == id })
	switch {
	case at < 0:
		_, err := e.ruleAt(id)
		return 0, err
	case IsChoice(&list[at]):
		return 0, errChoiceStays
	}
	to := at + min(max(by, -at), len(list)-1-at)
	if to == at {
		return 0, nil
	}
	moved := list[at]
	list = slices.Insert(slices.Delete(list, at, at+1), to, moved)
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	if err := e.Store.PlaceRules(ctx, ids); err != nil {
		return 0, err
	}
	return 1, e.loadRules(ctx)
}
