// The tables with SheetJS: node write_with_sheetjs.js tables.json book.xlsx
const fs = require("fs");
const XLSX = require("xlsx");

const [tables, target] = process.argv.slice(2);
const book = XLSX.utils.book_new();
for (const wanted of JSON.parse(fs.readFileSync(tables, "utf8")).sheets) {
  const sheet = XLSX.utils.aoa_to_sheet(wanted.rows);
  for (const [address, code] of Object.entries(wanted.formats || {})) sheet[address].z = code;
  for (const [address, formula] of Object.entries(wanted.formulas || {})) sheet[address].f = formula;
  if (wanted.merged) sheet["!merges"] = wanted.merged.map(XLSX.utils.decode_range);
  if (wanted.hidden_columns) {
    sheet["!cols"] = [];
    for (const letter of wanted.hidden_columns) {
      sheet["!cols"][XLSX.utils.decode_col(letter)] = { hidden: true };
    }
  }
  XLSX.utils.book_append_sheet(book, sheet, wanted.name);
}
XLSX.writeFile(book, target, { compression: true });
