/* While a part of the page is asked for again: the old one dimmed, a wheel after 300 ms, and a sentence
   when the answer does not come. The request before is dropped by hx-sync. */
const waits = new WeakMap();

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const target = detail.target;
  if (!target || target.closest(".progress, .found")) return;
  clearTimeout(waits.get(target));
  target.classList.add("waiting");
  target.setAttribute("aria-busy", "true");
  waits.set(target, setTimeout(() => target.classList.add("waiting-long"), 300));
});

function settle({ detail }) {
  const target = detail.target;
  if (!target) return;
  clearTimeout(waits.get(target));
  target.classList.remove("waiting", "waiting-long");
  target.removeAttribute("aria-busy");
}

document.addEventListener("htmx:afterRequest", (event) => {
  // A request dropped for a newer one leaves the part waiting for that one.
  if (event.detail.xhr && event.detail.xhr.status === 0 && event.detail.failed !== true) return;
  settle(event);
});

const say = (text) => document.dispatchEvent(new CustomEvent("galien:toast", { detail: text }));
document.addEventListener("htmx:sendError", (event) => {
  settle(event);
  say("Le serveur ne répond pas. Vérifiez la connexion, puis réessayez.");
});
document.addEventListener("htmx:timeout", (event) => {
  settle(event);
  say("La réponse tarde trop. Réessayez, ou choisissez une période plus courte.");
});
document.addEventListener("htmx:responseError", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  say(page.querySelector("[data-message]")?.textContent || "La demande a échoué. Réessayez.");
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const heading = detail.elt.querySelector?.("h1");
  if (heading) document.title = `${heading.textContent.trim()} · Galien`;
});
