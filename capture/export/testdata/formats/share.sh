#!/bin/sh
# Split orders
# Redacted: secrets were replaced by placeholders. Personal data stand in it as they came. The same value has the same placeholder everywhere.
# Why does the second one fail?\nIt worked on Friday.
# Sends these requests to an address: sh FILE http://localhost:3000
set -eu
base=${1:?the address to send to is missing}
base=${base%/}

# 2026-11-21 14:05:09.123 UTC  kornitx order.dispatched, order 3165671600-PSTEST4, valid, 503
curl --globoff --path-as-is -X 'PUT' "$base"'/kornitx/orders?ref=8679&x=%20a' \
  -H 'content-type: application/json' \
  -H 'X-customgateway-hmac: AAAAB3NzaC1yc2E=' \
  -H 'x-Twice: 1' \
  -H 'X-TWICE: 2' \
  -H 'User-Agent:' \
  -H 'Accept:' \
  --data-binary '{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","shipping_tracking":"H023YA0000361469","status":8,"status_name":"Dispatched","shipping_price":0,"gift":false,"note":null,"new_shipments":[{"dispatch_datetime":"2023-02-27 12:04:19","tracking":"H023YA0000361469","tracking_url":"https://redacted.example/link-1","items":[{"quantity":1,"ref":"C3DD35B0E1F","external_ref":"10094507"}]}],"new_cancellations":[]}'

# 2026-11-21 14:09:09.123 UTC  klix purchase.paid, order 17, invalid, 200
curl --globoff --path-as-is -X 'POST' "$base"'/klix/purchases' \
  -H 'Content-Type: application/x-www-form-urlencoded' \
  -H 'User-Agent:' \
  -H 'Accept:' \
  --data-binary 'id=17&name=J%C4%81nis+B&empty='

# 2026-11-21 14:14:09.123 UTC  unknown sender, unprovable, 200
# there is no curl command for it: only a part of its body was kept

# 2026-11-21 14:15:09.123 UTC  unknown sender, 400 refused
# there is no curl command for it: it never was a whole request

# 2026-11-21 14:27:09.123 UTC  kornitx order.dispatched, order 3165671600-PSTEST4, valid, failed
curl --globoff --path-as-is -X 'PUT' "$base"'/kornitx/orders?ref=8679&x=%20a' \
  -H 'content-type: application/json' \
  -H 'X-customgateway-hmac: AAAAB3NzaC1yc2E=' \
  -H 'x-Twice: 1' \
  -H 'X-TWICE: 2' \
  -H 'User-Agent:' \
  -H 'Accept:' \
  --data-binary '{"id":46140204,"ref":"8679131463FC8D18","external_ref":"3165671600-PSTEST4","shipping_tracking":"H023YA0000361469","status":8,"status_name":"Dispatched","shipping_price":0,"gift":false,"note":null,"new_shipments":[{"dispatch_datetime":"2023-02-27 12:04:19","tracking":"H023YA0000361469","tracking_url":"https://redacted.example/link-1","items":[{"quantity":1,"ref":"C3DD35B0E1F","external_ref":"10094507"}]}],"new_cancellations":[]}'
