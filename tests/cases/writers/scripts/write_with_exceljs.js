// The tables with ExcelJS: node write_with_exceljs.js tables.json book.xlsx
const fs = require("fs");
const ExcelJS = require("exceljs");

const [tables, target] = process.argv.slice(2);
const book = new ExcelJS.Workbook();
for (const wanted of JSON.parse(fs.readFileSync(tables, "utf8")).sheets) {
  const sheet = book.addWorksheet(wanted.name);
  const last = wanted.rows[wanted.rows.length - 1];
  if (wanted.table) {
    sheet.addTable({
      name: wanted.table.name, ref: "A1", headerRow: true, totalsRow: true,
      columns: [
        { name: wanted.table.columns[0], totalsRowLabel: last[0] },
        { name: wanted.table.columns[1], totalsRowFunction: "sum", totalsRowResult: last[1] },
      ],
      rows: wanted.rows.slice(1, -1),
    });
  } else {
    wanted.rows.forEach((row, number) => row.forEach((value, column) => {
      if (value !== null) sheet.getCell(number + 1, column + 1).value = value;
    }));
  }
  for (const [address, code] of Object.entries(wanted.formats || {})) {
    sheet.getCell(address).numFmt = code;
  }
  for (const [address, formula] of Object.entries(wanted.formulas || {})) {
    sheet.getCell(address).value = { formula, result: sheet.getCell(address).value };
  }
  for (const merged of wanted.merged || []) sheet.mergeCells(merged);
  for (const letter of wanted.hidden_columns || []) sheet.getColumn(letter).hidden = true;
}
book.xlsx.writeFile(target);
