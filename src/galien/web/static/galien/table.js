/* The analysis table: the sign that there are more columns, arrows of the keyboard, menu of a row. */
function edges(box) {
  box.classList.toggle("more-left", box.scrollLeft > 2);
  box.classList.toggle("more-right", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
}

const watch = new ResizeObserver((entries) => entries.forEach((entry) => edges(entry.target)));

function start(root) {
  for (const box of root.querySelectorAll("[data-scroll]")) {
    edges(box);
    watch.observe(box);
    box.addEventListener("scroll", () => edges(box), { passive: true });
  }
}

start(document);
document.addEventListener("htmx:afterSwap", (event) => start(event.detail.elt));

let shown = null;

function hide(back) {
  if (!shown) return;
  shown.button?.setAttribute("aria-expanded", "false");
  shown.menu.remove();
  if (back) (shown.button || shown.row.querySelector("a"))?.focus();
  shown = null;
}

function show(row, x, y, button) {
  const table = row.closest("table[data-actions]");
  hide(false);
  const labels = JSON.parse(table.dataset.actions);
  const hrefs = JSON.parse(table.dataset.hrefs);
  const menu = Object.assign(document.createElement("div"), { className: "row-actions menu-list" });
  const name = row.querySelector("th a") || row.querySelector("th");
  const title = Object.assign(document.createElement("p"), { textContent: name.textContent.trim() });
  const list = document.createElement("ul");
  labels.forEach((label, index) => {
    const link = document.createElement("a");
    link.href = hrefs[index].replaceAll("{key}", encodeURIComponent(row.dataset.key)).replaceAll("%7Bkey%7D", encodeURIComponent(row.dataset.key));
    link.textContent = label;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  });
  menu.append(title, list);
  document.body.append(menu);
  const size = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - size.height - 8))}px`;
  button?.setAttribute("aria-expanded", "true");
  shown = { menu, row, button };
  list.querySelector("a").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".row-menu");
  if (button) {
    if (shown && shown.button === button) return hide(true);
    const box = button.getBoundingClientRect();
    return show(button.closest("tr"), box.left, box.bottom + 2, button);
  }
  if (shown && !shown.menu.contains(event.target)) hide(false);
});

document.addEventListener("contextmenu", (event) => {
  const row = event.target.closest?.("table[data-actions] tr[data-key]");
  if (!row || event.shiftKey && event.button === 2) return;
  event.preventDefault();
  const box = row.querySelector("th").getBoundingClientRect();
  const keyboard = event.button !== 2;
  show(row, keyboard ? box.left + 24 : event.clientX, keyboard ? box.bottom : event.clientY);
});

addEventListener("scroll", (event) => { if (shown && !shown.menu.contains(event.target)) hide(false); }, { capture: true, passive: true });

function step(event) {
  const links = [...shown.menu.querySelectorAll("a")];
  const way = event.key === "ArrowDown" ? 1 : -1;
  links[(links.indexOf(document.activeElement) + way + links.length) % links.length].focus();
}

const firstLink = (row) => row?.querySelector("th a");

function move(event) {
  const row = event.target.closest("table.figures tr");
  const box = event.target.closest("[data-scroll]");
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    box.scrollBy({ left: event.key === "ArrowLeft" ? -120 : 120 });
    return true;
  }
  const rows = [...box.querySelectorAll("tbody tr")].filter(firstLink);
  const way = event.key === "ArrowDown" ? 1 : -1;
  const at = rows.indexOf(row);
  const next = at < 0 ? rows[0] : rows[at + way];
  if (!next) return false;
  firstLink(next).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (shown) {
    if (event.key === "Escape") { event.stopPropagation(); hide(true); }
    if (event.key === "Tab") hide(true);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); step(event); }
    return;
  }
  const arrows = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key);
  if (!arrows || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!event.target.closest("[data-scroll]:has(table.figures)") || event.target.closest("details[open]")) return;
  if (move(event)) event.preventDefault();
});
