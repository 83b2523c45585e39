/* The menu of analyses: search without accents, and the drawer of a phone. */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const tree = document.querySelector("[data-menu-tree]");
const search = document.querySelector("[data-menu-search]");

function filter() {
  const words = fold(search.value).split(/\s+/).filter(Boolean);
  document.documentElement.toggleAttribute("data-searching", words.length > 0);
  let found = 0;
  for (const link of tree.querySelectorAll("a")) {
    const text = fold(link.textContent + " " + link.dataset.words);
    const kept = words.every((word) => text.includes(word));
    (link.closest("li") || link).hidden = !kept;
    found += kept;
  }
  for (const group of tree.querySelectorAll("details")) {
    group.hidden = !group.querySelector("li:not([hidden])");
    if (words.length) {
      group.dataset.was ??= String(group.open);
      group.open = true;
    } else if (group.dataset.was) {
      group.open = group.dataset.was === "true";
      delete group.dataset.was;
    }
  }
  tree.querySelector(".menu-none").hidden = found > 0;
}

if (tree && search) {
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const first = tree.querySelector("li:not([hidden]) > a, .menu-single:not([hidden])");
    if (event.key === "Enter" && search.value && first) first.click();
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    if (event.key === "Escape") { search.value = ""; filter(); search.blur(); }
  });
  tree.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

const side = document.getElementById("menu");
let opener = null;

function drawer(open) {
  document.body.classList.toggle("drawer-open", open);
  if (open) side.querySelector("a, input").focus();
  else opener?.focus();
}

document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-drawer-open], [data-drawer-close]");
  if (!way || !side) return;
  event.preventDefault();
  if ("drawerOpen" in way.dataset) opener = way;
  drawer("drawerOpen" in way.dataset);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("drawer-open")) drawer(false);
});
