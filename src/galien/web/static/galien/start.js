/* Folds that are remembered, toasts, and the buttons that scripts listen to. */
const KEY = "galien.folds";
const read = () => {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
};

function restore(root) {
  const folds = read();
  for (const each of root.querySelectorAll("details[data-fold]")) {
    if (each.dataset.fold in folds && !("current" in each.dataset)) each.open = folds[each.dataset.fold];
  }
}

restore(document);
document.addEventListener("htmx:afterSwap", (event) => restore(event.detail.elt));
document.addEventListener("toggle", (event) => {
  const fold = event.target.dataset && event.target.dataset.fold;
  if (!fold || document.documentElement.dataset.searching) return;
  try { localStorage.setItem(KEY, JSON.stringify({ ...read(), [fold]: event.target.open })); } catch { /* private window */ }
}, true);

function toast(text) {
  const box = document.getElementById("toasts");
  if (!box) return;
  const made = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
  box.append(made);
  setTimeout(() => made.remove(), 4000);
}

document.addEventListener("galien:toast", (event) => toast(event.detail));

const DOES = {
  "copy-link": async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      toast("Lien copié. Il s’ouvrira avec le périmètre de votre collègue.");
    } catch {
      toast("Le navigateur refuse la copie : copiez l’adresse de la page.");
    }
  },
  print: () => window.print(),
  keys: () => document.getElementById("keys").showModal(),
  "save-view": () => document.getElementById("save-view").showModal(),
};

document.addEventListener("click", (event) => {
  const does = event.target.closest("[data-does]");
  if (does && DOES[does.dataset.does]) DOES[does.dataset.does]();
  const open = event.target.closest("[data-open]");
  if (open) document.getElementById(open.dataset.open).showModal();
  if (event.target.matches("dialog.dialog")) event.target.close();
});
