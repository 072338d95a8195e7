curl '{endpoint}' \
  --header 'Accept: text/csv' \
  --data-urlencode 'query={query}' \
  --output answer.csv
