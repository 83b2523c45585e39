/* The reader's choice of light or dark, kept in a cookie so that the server writes it in the page. */
document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-theme-choice]")) return;
  const theme = event.target.value;
  const life = theme ? 31536000 : 0;
  document.cookie = `galien_theme=${theme};path=/;max-age=${life};samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.dispatchEvent(new CustomEvent("galien:theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("galien:theme")));
