(function () {
  "use strict";
  var root = document.documentElement, theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", function () {
    var dark = root.dataset.theme ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  // Columns that say who and what stay in view where a table scrolls and the screen is wide enough.
  document.querySelectorAll("table[data-in-view]").forEach(function (table) {
    if (innerWidth < 900) return;
    var begin = table.getBoundingClientRect().left;
    var places = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells, function (head) {
      return head.getBoundingClientRect().left - begin;
    });
    Array.from(table.rows).forEach(function (row) {
      if (row.className === "groups") return;
      Array.from(row.cells).slice(1, table.dataset.inView).forEach(function (cell) {
        cell.classList.add("kept");
        cell.style.left = places[cell.cellIndex] + "px";
      });
    });
  });
  // Numbers by size, texts by the alphabet; what is no number stays below the numbers either way.
  function compare(one, other, sign) {
    var a = read(one), b = read(other);
    if (a !== null && b !== null) return sign * (a - b);
    if (a !== null || b !== null) return a === null ? 1 : -1;
    return sign * one.textContent.localeCompare(other.textContent, root.lang, { numeric: true });
  }
  // The number of a cell: on pages for deciders that which is written, in the marks of its language.
  function read(cell) {
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    if (!cell.closest(".pages")) return null;
    if (cell.classList.contains("heat-met")) return 0;
    var text = cell.textContent.replace(/[\s%+\u00a0]/g, "").replace("\u2212", "-");
    text = root.lang === "ru" ? text.replace(",", ".") : text.replace(/,/g, "");
    if (!/^<?-?[0-9.]+$/.test(text)) return null;
    return text[0] === "<" ? Number(text.slice(1)) / 2 : Number(text);
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    heads.forEach(function (head, place) {
      head.tabIndex = 0;
      head.title = "Sort by this column";
      function sort() {
        var up = head.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
        heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        Array.from(body.rows).sort(function (one, other) {
          return compare(one.cells[place], other.cells[place], up ? 1 : -1);
        }).forEach(function (row) { body.appendChild(row); });
      }
      head.addEventListener("click", sort);
      head.addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(); }
      });
    });
  });
})();
