/* Forms: files dropped on their frame, and empty fields kept out of the address. */
document.addEventListener("change", (event) => {
  const drop = event.target.closest("[data-drop]");
  if (!drop) return;
  const names = [...event.target.files].map((file) => file.name);
  const label = drop.querySelector("[data-drop-names]");
  label.dataset.empty ??= label.innerHTML;
  if (names.length) label.textContent = names.length > 3 ? `${names.slice(0, 3).join(", ")} et ${names.length - 3} autres` : names.join(", ");
  else label.innerHTML = label.dataset.empty;
});

for (const [kind, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => event.target.closest?.("[data-drop]")?.classList.toggle("over", over));
}

document.addEventListener("submit", (event) => {
  if (event.target.method !== "get") return;
  for (const field of event.target.querySelectorAll("input[name]")) {
    if (!field.value && !field.disabled) {
      field.disabled = true;
      setTimeout(() => { field.disabled = false; });
    }
  }
});
