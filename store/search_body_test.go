package store

import (
	"fmt"
	"strings"

	"hookglass/capture"
)

// benchBody is a callback's JSON of 1,350 bytes with values of its own.
func benchBody(i int) []byte {
	carriers := [...]string{"Hermes", "DPD", "Royal Mail", "PostNL", "UPS", "DHL"}
	streets := [...]string{"High Street", "Station Road", "Main Street", "Park Avenue", "Church Lane", "Mill Lane", "Kings Road", "Victoria Road"}
	names := [...]string{"Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Wright", "Müller", "García"}
	n := uint64(i)*0x9e3779b97f4a7c15 + 12345
	pick := func(of []string) string {
		n ^= n >> 29
		n *= 0xbf58476d1ce4e5b9
		return of[n%uint64(len(of))]
	}
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":%d,"external_ref":"31%08d-PSTEST","order_status":8,"order_status_name":"Dispatched","test_order":false,`, 46_000_000+i, i)
	fmt.Fprintf(&b, `"customer_name":"%s %s","company_name":"","shipping_address_1":"%d %s","shipping_address_2":"","shipping_city":"Leeds","shipping_postcode":"LS%d %dAB","shipping_country_code":"GB",`,
		pick(names[:]), pick(names[:]), n%400, pick(streets[:]), n%29, n%9)
	fmt.Fprintf(&b, `"email":"buyer%d@example.test","phone":"+44%010d","shipping_carrier":"%s","shipping_method":"Tracked 48","shipping_tracking":"H%03dYA%010d","tracking_url":"https:\/\/track.example.test\/p\/%x?postcode=LS%d",`,
		i, n%10_000_000_000, pick(carriers[:]), n%999, i, n, n%29)
	fmt.Fprintf(&b, `"created_at":"2024-03-%02dT%02d:%02d:%02dZ","dispatched_at":"2024-03-%02dT%02d:%02d:%02dZ","items":[`, 1+i%28, i%24, i%60, i/7%60, 1+i%28, i%24, i%60, i/11%60)
	for k := range 3 {
		if k > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"sku":"TS-%s-%03d","quantity":%d,"price":"%d.%02d","type":1,"print_on_demand":true}`, i*3+k, pick([]string{"BLK", "WHT", "RED", "NVY"}), n%700, 1+n%4, n%60, n%100)
	}
	b.WriteString(`],"comment":"`)
	for b.Len() < 1348 {
		b.WriteString([]string{"please ", "leave ", "with ", "neighbour ", "if ", "out ", "thanks ", "gift ", "wrap "}[n%9])
		n = n*6364136223846793005 + 1442695040888963407
	}
	return []byte(b.String()[:1348] + `"}`)
}

// searchedExchange is a finished callback with such a body.
func searchedExchange(i int) *capture.Exchange {
	x := benchExchange(int64(i))
	x.Request.Body = benchBody(i)
	x.Request.Size = int64(len(x.Request.Body))
	finish(x, int64(i))
	benchKind(x, i)
	return x
}
