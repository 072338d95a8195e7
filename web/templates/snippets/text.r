query <- '{query}'

answer <- url(
  paste0("{endpoint}?query=", URLencode(query, reserved = TRUE)),
  headers = c(Accept = "{accept}")
)
cat(readLines(answer, encoding = "UTF-8", warn = FALSE), sep = "\n")
