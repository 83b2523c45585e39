/* Keyboard: `/` menu, `p` product, `f` filters, `?` this list. Nothing while one is typing. */
const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

const KEYS = {
  "/": () => document.querySelector("[data-menu-search]"),
  p: () => document.querySelector("[data-product-search]"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys")?.showModal();
  } else if (event.key === "f") {
    const filters = document.querySelector("[data-filters]");
    if (!filters) return;
    event.preventDefault();
    filters.open = true;
    filters.querySelector(".filter-field > summary, input:not([type=hidden])")?.focus();
  } else if (KEYS[event.key]) {
    const field = KEYS[event.key]();
    if (!field) return;
    event.preventDefault();
    if (event.key === "/" && matchMedia("(max-width: 860px)").matches) document.querySelector("[data-drawer-open]")?.click();
    field.focus();
    field.select();
  }
});
