/* Menus and definitions: one open at a time, closed by Escape or a click elsewhere, kept on screen. */
const OPEN = "details[data-menu][open], details[data-popover][open]";

function close(except) {
  for (const each of document.querySelectorAll(OPEN)) if (!each.contains(except)) each.open = false;
}

function place(popover) {
  const card = popover.querySelector(".def-card");
  const mark = popover.querySelector("summary").getBoundingClientRect();
  card.classList.add("placed");
  const size = card.getBoundingClientRect();
  const left = Math.max(8, Math.min(mark.left - 12, innerWidth - size.width - 12));
  const under = mark.bottom + 4 + size.height < innerHeight || mark.top < size.height;
  card.style.left = `${left}px`;
  card.style.top = `${under ? mark.bottom + 4 : mark.top - size.height - 4}px`;
}

function keep(menu) {
  const list = menu.querySelector(".menu-list, .panel");
  if (!list || getComputedStyle(list).position === "fixed") return;
  list.style.translate = "";
  const box = list.getBoundingClientRect();
  const shift = box.right > innerWidth - 8 ? innerWidth - 8 - box.right : box.left < 8 ? 8 - box.left : 0;
  if (shift) list.style.translate = `${shift}px 0`;
}

document.addEventListener("toggle", (event) => {
  const each = event.target;
  if (!each.open || !each.matches("[data-menu], [data-popover]")) return;
  for (const other of document.querySelectorAll(OPEN)) {
    if (other !== each && !other.contains(each) && !each.contains(other)) other.open = false;
  }
  if (each.matches("[data-popover]")) place(each);
  else keep(each);
}, true);

document.addEventListener("click", (event) => close(event.target));
addEventListener("scroll", () => {
  for (const each of document.querySelectorAll("details[data-popover][open]")) each.open = false;
}, { capture: true, passive: true });

document.addEventListener("keydown", (event) => {
  const open = event.target.closest?.(OPEN) || document.querySelector(OPEN);
  if (!open) return;
  if (event.key === "Escape") {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && open.matches("[data-menu]") && !event.target.matches("input:not([type=checkbox]), select")) {
    const items = [...open.querySelectorAll("a, button, input, details > summary")].filter((one) => one.offsetParent && one.parentElement !== open);
    if (!items.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }
});
