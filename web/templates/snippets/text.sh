curl '{endpoint}' \
  --header 'Accept: {accept}' \
  --data-urlencode 'query={query}' \
  --output answer.txt
