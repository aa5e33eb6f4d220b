package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"hookglass/ui/kit"
	"hookglass/ui/viewmodel"
)

// identity shows what Hookglass signs made callbacks with.
func (d *settingsDialog) identity() fyne.CanvasObject {
	s := d.state
	stack := kit.VStack(10, kit.NewParagraph(kit.RoleBody, kit.Secondary,
		"Hookglass signs the callbacks that it makes with this, where no key of yours can. Use it in your app's test configuration, never in the live one. A verdict says when it was the one that proved a callback."))
	all := s.TestIdentity()
	if len(all) == 0 {
		stack.Add(kit.NewParagraph(kit.RoleBody, kit.Secondary, "Hookglass is starting."))
	}
	for i := range all {
		stack.Add(d.testIdentity(&all[i]))
	}
	return stack
}

// testIdentity is a card with the test identity of a provider.
func (d *settingsDialog) testIdentity(v *viewmodel.TestIdentityView) fyne.CanvasObject {
	s := d.state
	act := kit.NewButton(kit.ButtonSpec{Label: "Make it", Icon: "plus", OnTap: func() { s.MakeTest(v.Provider) }})
	if v.Made {
		act = kit.NewButton(kit.ButtonSpec{Label: "Renew", Icon: "refresh-cw", Tip: "Make a new one in its place", OnTap: func() { s.RenewTest(v.Provider) }})
	}
	act.SetEnabled(!v.Making)
	body := kit.VStack(6, kit.HRow(8, hueDot(v.Hue), kit.NewText(kit.RolePane, kit.Plain, v.Name), kit.Spacer(), act))
	if !v.Made {
		body.Add(kit.NewParagraph(kit.RoleSmall, kit.Muted, "It is made when it is first needed, or now."))
		return panelCard(body)
	}
	for i := range v.Keys {
		body.Add(d.testKey(&v.Keys[i]))
	}
	return panelCard(body)
}

func (d *settingsDialog) testKey(k *viewmodel.TestKeyView) fyne.CanvasObject {
	s := d.state
	tool := func(icon kit.Icon, tip string, run func(name string)) fyne.CanvasObject {
		return kit.NewButton(kit.ButtonSpec{Icon: icon, Tip: tip, Tone: kit.Secondary, OnTap: func() { run(k.Name) }})
	}
	row := kit.HRow(6, kit.NewShrinkingText(kit.RoleMono, kit.Plain, k.Shown), kit.Spacer())
	if k.Secret {
		icon, tip := kit.Icon("eye"), "Show"
		if k.Open {
			icon, tip = "eye-off", "Hide"
		}
		row.Add(tool(icon, tip, s.RevealTest))
		row.Add(tool("copy", "Copy", s.CopyTest))
	} else {
		row.Add(tool("copy", "Copy the certificate", s.CopyTest))
		row.Add(tool("download", "Save the certificate (PEM)", s.SaveTestCertificate))
		row.Add(tool("key-round", "Save the public key (PEM)", s.SaveTestPublicKey))
	}
	box := container.NewStack(kit.NewCard(kit.ColorRaised, kit.ColorLine, 6), kit.Pad(10, 2, 3, 2, row))
	return kit.VStack(4,
		kit.Pad(0, 4, 0, 0, kit.NewShrinkingText(kit.RoleSmall, kit.Secondary, k.Title)), box,
		kit.NewParagraph(kit.RoleSmall, kit.Muted, k.Use))
}
