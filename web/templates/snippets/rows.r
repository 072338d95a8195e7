query <- '{query}'

answer <- url(
  paste0("{endpoint}?query=", URLencode(query, reserved = TRUE)),
  headers = c(Accept = "text/csv")
)
rows <- read.csv(answer, encoding = "UTF-8")
print(rows)
