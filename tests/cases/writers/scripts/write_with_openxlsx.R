# The tables with R's openxlsx: Rscript write_with_openxlsx.R tables.json book.xlsx
library(openxlsx)

arguments <- commandArgs(trailingOnly = TRUE)
tables <- jsonlite::fromJSON(arguments[1], simplifyVector = FALSE)
book <- createWorkbook()
for (wanted in tables$sheets) {
  name <- wanted$name
  addWorksheet(book, name)
  for (number in seq_along(wanted$rows)) {
    row <- wanted$rows[[number]]
    for (column in seq_along(row)) {
      value <- row[[column]]
      if (!is.null(value)) {
        writeData(book, name, value, startRow = number, startCol = column, colNames = FALSE)
      }
    }
  }
  place <- function(address) {
    list(row = as.integer(gsub("[A-Z]", "", address)), column = convertFromExcelRef(address))
  }
  for (address in names(wanted$formats)) {
    at <- place(address)
    style <- createStyle(numFmt = wanted$formats[[address]])
    addStyle(book, name, style, rows = at$row, cols = at$column)
  }
  for (address in names(wanted$formulas)) {
    at <- place(address)
    writeFormula(book, name, wanted$formulas[[address]], startRow = at$row, startCol = at$column)
  }
  for (merged in wanted$merged) {
    ends <- lapply(strsplit(merged, ":")[[1]], place)
    mergeCells(book, name, cols = ends[[1]]$column:ends[[2]]$column, rows = ends[[1]]$row)
  }
  for (letter in wanted$hidden_columns) {
    setColWidths(book, name, cols = convertFromExcelRef(letter), hidden = TRUE)
  }
}
saveWorkbook(book, arguments[2], overwrite = TRUE)
